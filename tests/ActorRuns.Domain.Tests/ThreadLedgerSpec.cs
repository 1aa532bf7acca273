using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Domain.Tests;

/// <summary>What the facts of a thread add up to.</summary>
public sealed class ThreadLedgerSpec
{
    private static readonly DateTimeOffset Noon = Scene.Beginning;

    [Fact]
    public void A_thread_of_which_nothing_is_recorded_is_not_there()
    {
        Assert.False(ThreadLedger.Empty.Exists);
        Assert.Equal(ThreadStatus.Idle, ThreadLedger.Empty.Status);
        Assert.Null(ThreadLedger.Empty.WakeAt);
    }

    [Fact]
    public void Folding_takes_its_time_from_the_facts()
    {
        var ledger = Fold(Created() with { At = Noon }, Submitted(1) with { At = Noon.AddSeconds(1) });

        Assert.Equal((Noon, Noon.AddSeconds(1)), (ledger.CreatedAt, ledger.UpdatedAt));
        Assert.Equal(Noon.AddSeconds(1), ledger.Runs[Notation.Run(1)].CreatedAt);
    }

    [Fact]
    public void Patching_sets_the_keys_it_names_and_leaves_the_others()
    {
        var ledger = Fold(
            new ThreadCreated(Metadata(("a", 1), ("b", 1))),
            new ThreadPatched(Metadata(("b", 2), ("c", 2))));

        Assert.Equal("a=1 b=2 c=2", string.Join(' ', ledger.Metadata.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void A_thread_is_busy_while_a_run_is_pending_and_while_one_has_the_thread()
    {
        var pending = Fold(Created(), Submitted(1));
        var running = pending.Apply(new RunStarted(Notation.Run(1), Attempt: 1));

        Assert.Equal((ThreadStatus.Busy, ThreadStatus.Busy), (pending.Status, running.Status));
    }

    [Fact]
    public void The_status_of_a_thread_is_that_of_its_last_run_to_have_had_it()
    {
        var failed = Fold(Created(), Submitted(1), new RunStarted(Notation.Run(1), Attempt: 1), Failed(1));
        var stopped = failed.ApplyAll([Submitted(2), new RunInterrupted(Notation.Run(2), new RunCause.Cancelled())]);

        Assert.Equal((ThreadStatus.Error, ThreadStatus.Error), (failed.Status, stopped.Status));
    }

    [Fact]
    public void The_holder_and_the_queue_never_name_one_run_both()
    {
        var ledger = Fold(Created(), Submitted(1), Submitted(2), new RunStarted(Notation.Run(1), Attempt: 1));

        Assert.Equal([2], ledger.Queue.Select(Notation.NumberOf));
        Assert.Equal(1, Notation.NumberOf(ledger.Holder!.RunId));
    }

    [Fact]
    public void What_a_step_writes_is_the_state_only_when_the_step_is_complete()
    {
        var run = Notation.Run(1);
        var underway = Fold(Created(), Submitted(1), new RunStarted(run, Attempt: 1),
            new ChannelWritten(run, "agent", "city", JsonElement.Parse("\"SF\"")));
        var complete = underway.Apply(new StepCommitted(run, default, 0, CheckpointSource.Loop, ["agent"], []));

        Assert.Empty(underway.Position.Values.Values);
        Assert.Equal("SF", complete.Position.Values.Values["city"].GetString());
    }

    [Fact]
    public void What_an_incomplete_step_wrote_ends_with_its_run()
    {
        var run = Notation.Run(1);

        var ledger = Fold(Created(), Submitted(1), new RunStarted(run, Attempt: 1),
            new ChannelWritten(run, "agent", "city", JsonElement.Parse("\"SF\"")), Failed(1));

        Assert.Empty(ledger.Working.Values);
    }

    [Fact]
    public void Rolling_a_waiting_run_back_leaves_what_the_holder_is_at()
    {
        var run = Notation.Run(1);
        var before = Fold(Created(), Submitted(1), new RunStarted(run, Attempt: 1), Submitted(2),
            new ChannelWritten(run, "agent", "city", JsonElement.Parse("\"SF\"")));

        var after = before.Apply(new RunRolledBack(Notation.Run(2)));

        Assert.Same(before.Working, after.Working);
        Assert.Equal(before.Holder, after.Holder);
        Assert.Equal([1], after.Order.Select(Notation.NumberOf));
    }

    [Fact]
    public void A_rollback_brings_every_channel_back()
    {
        var scene = new Scene();
        scene.Submit(Scene.Request(1) with { Input = JsonElement.Parse("""{"city":"SF","messages":"1"}""") });
        scene.Step("agent", [scene.Calling(1)], next: null);
        var before = scene.Ledger.Position;
        scene.Submit(Scene.Request(2) with
        {
            Input = JsonElement.Parse("""{"city":"NYC","messages":[{"type":"remove","id":"__remove_all__"}]}"""),
        });

        scene.Send(3, MultitaskStrategy.Rollback, delay: TimeSpan.FromSeconds(1));

        Assert.Same(before.Values, scene.Ledger.Position.Values);
        Assert.Equal(before, scene.Ledger.Position);
    }

    private static ThreadLedger Fold(params ThreadEvent[] facts) => ThreadLedger.Empty.ApplyAll(facts);

    private static ThreadCreated Created() => new(Metadata());

    private static RunCreated Submitted(int run) => new(Scene.Request(run), Noon);

    private static RunFailed Failed(int run) => new(
        Notation.Run(run), new NodeFailure(null, "Boom", "It broke."), new RunCause.Failed("Boom", "It broke."));

    private static ImmutableSortedDictionary<string, JsonElement> Metadata(params (string Key, int Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(
            pair => pair.Key, pair => JsonElement.Parse($"{pair.Value}"), StringComparer.Ordinal);
}
