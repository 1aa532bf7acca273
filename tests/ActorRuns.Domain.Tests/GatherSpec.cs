using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Messages within a moment of each other are one run: 2 s after the last, 5 s after the first.</summary>
public sealed class GatherSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Scene _scene = new();

    [Fact]
    public void Messages_within_the_time_are_said_together_in_one_run()
    {
        _scene.Say(1);
        _scene.Pass(Second);
        _scene.Say(2);
        _scene.Pass(Second);
        Assert.Equal(("pending", "pending", ""), (_scene[1], _scene[2], _scene.Transcript));

        _scene.Pass(Second);

        Assert.Equal(("running", "running", "H1 H2"), (_scene[1], _scene[2], _scene.Transcript));
        _scene.PlayToTheEnd();
        Assert.Equal(("success", "success, joined 1", "H1 H2 A* T A"), (_scene[1], _scene[2], _scene.Transcript));
    }

    [Fact]
    public void A_message_after_the_time_is_a_run_of_its_own()
    {
        _scene.Say(1);
        _scene.Pass(2 * Second);

        _scene.Say(2);
        _scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H2 A* T A", _scene.Transcript);
    }

    [Fact]
    public void Who_never_stops_talking_is_answered_all_the_same()
    {
        for (var run = 1; run <= 5; run++)
        {
            _scene.Say(run);
            _scene.Pass(Second);
        }

        Assert.Equal(("running", "H1 H2 H3 H4 H5"), (_scene[1], _scene.Transcript));
    }

    [Fact]
    public void A_crash_in_the_time_loses_no_message_and_no_time()
    {
        _scene.Say(1);
        _scene.Say(2);
        _scene.Pass(Second);

        _scene.Crash();
        Assert.Equal("pending", _scene[1]);
        _scene.Pass(Second);

        Assert.Equal("H1 H2", _scene.Transcript);
    }

    [Fact]
    public void A_message_that_waits_for_others_interrupts_at_once()
    {
        _scene.Send(1);
        _scene.ModelCalls();

        _scene.Say(2, MultitaskStrategy.Interrupt);
        _scene.Say(3, MultitaskStrategy.Interrupt);
        Assert.Equal(("interrupted by 2", "pending", "pending"), (_scene[1], _scene[2], _scene[3]));
        _scene.PlayToTheEnd();

        Assert.Equal("H1 A* T? H2 H3 A* T A", _scene.Transcript);
    }

    [Fact]
    public void A_message_that_interrupts_and_joins_stops_what_came_between()
    {
        _scene.Say(1, MultitaskStrategy.Interrupt);
        _scene.Send(2);

        _scene.Say(3, MultitaskStrategy.Interrupt);
        _scene.PlayToTheEnd();

        Assert.Equal(("interrupted by 1", "success, joined 1"), (_scene[2], _scene[3]));
        Assert.Equal("H2 H1 H3 A* T A", _scene.Transcript);
    }

    [Fact]
    public void Rollback_begins_the_time_anew()
    {
        _scene.Say(1, MultitaskStrategy.Rollback);
        _scene.Pass(Second);

        _scene.Say(2, MultitaskStrategy.Rollback);
        _scene.Pass(Second);

        Assert.Equal(("gone", "pending"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_message_can_be_taken_back_or_edited_while_it_waits_with_others()
    {
        _scene.Say(1);
        _scene.Say(2);
        _scene.Say(3);

        _scene.Cancel(2);
        _scene.Do(new ThreadCommand.EditRun(Notation.Run(3), new RunEdit { Input = Scene.Saying(7) }));
        _scene.Pass(2 * Second);

        Assert.Equal(("interrupted, cancelled", "H1 H7"), (_scene[2], _scene.Transcript));
    }

    [Fact]
    public void Who_takes_the_first_message_back_leaves_the_others()
    {
        _scene.Say(1);
        _scene.Say(2);

        _scene.Cancel(1);
        _scene.Pass(2 * Second);

        Assert.Equal(("interrupted, cancelled", "running", "H2"), (_scene[1], _scene[2], _scene.Transcript));
    }

    [Fact]
    public void What_is_said_together_stays_a_message()
    {
        _scene.Say(1);
        _scene.Say(2);

        var edit = new RunEdit { Command = new GraphCommand(default, default, ["tools"]) };
        var decision = _scene.Do(new ThreadCommand.EditRun(Notation.Run(1), edit));

        Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
    }

    [Fact]
    public void An_interrupt_keeps_all_that_was_said_together()
    {
        _scene.Say(1);
        _scene.Say(2);

        _scene.Send(3, MultitaskStrategy.Interrupt);

        Assert.Equal(("interrupted by 3", "interrupted, joined 1"), (_scene[1], _scene[2]));
        Assert.Equal("H1 H2 H3", _scene.Transcript);
    }

    [Fact]
    public void Who_promotes_one_of_them_promotes_all()
    {
        _scene.Say(1);
        _scene.Say(2);

        _scene.Do(new ThreadCommand.PromoteRun(Notation.Run(2), MultitaskStrategy.Enqueue));

        Assert.Equal("H1 H2", _scene.Transcript);
    }

    [Fact]
    public void Messages_that_steer_and_were_gathered_are_heard_together()
    {
        foreach (var run in (int[])[1, 2])
        {
            var request = Scene.Request(run) with { Steers = true, Input = Scene.Saying(run) };
            _scene.Submit(request with { Config = Settings(2000) });
        }

        _scene.Send(3);
        _scene.ModelCalls();
        _scene.Pass(2 * Second);

        _scene.ToolsEnd();

        Assert.Equal("H3 A* T H1 H2", _scene.Transcript);
        Assert.Equal([1, 2], _scene.Ledger.Runs[Notation.Run(3)].Joined.Select(Notation.NumberOf));
        Assert.Equal(Notation.Run(3), _scene.Ledger.Runs[Notation.Run(2)].JoinedTo);
    }

    [Fact]
    public void A_key_names_the_message_it_was_sent_with()
    {
        _scene.Say(1);
        var keyed = Scene.Request(2) with
        {
            Input = Scene.Saying(2), Config = Settings(quiet: 2000), Idempotency = new Idempotency("k", "f"),
        };
        _scene.Submit(keyed);

        var again = _scene.Submit(keyed with { RunId = Notation.Run(9) });

        Assert.Equal(new Decision.Ignore(), again);
        Assert.Equal(Notation.Run(2), _scene.Ledger.Keys["k"].RunId);
    }

    [Fact]
    public void A_run_of_other_settings_is_one_of_its_own()
    {
        Submit(1, Settings(quiet: 2000));
        Submit(2, JsonElement.Parse("""{"configurable":{"actorruns_debounce_ms":2000,"model":"other"}}"""));

        Assert.Equal([1, 2], _scene.Ledger.Queue.Select(Notation.NumberOf));
    }

    [Fact]
    public void Settings_that_only_say_who_a_run_is_are_no_others()
    {
        Submit(1, JsonElement.Parse("""{"configurable":{"actorruns_debounce_ms":2000,"run_id":"1"}}"""));
        Submit(2, JsonElement.Parse("""{"configurable":{"run_id":"2","actorruns_debounce_ms":2000}}"""));

        Assert.Equal([1], _scene.Ledger.Queue.Select(Notation.NumberOf));
    }

    [Theory]
    [InlineData(null, null, 0, null)]
    [InlineData(null, null, 700, 700)]
    [InlineData(null, 600, 700, 600)]
    [InlineData(500, 600, 700, 500)]
    [InlineData(0, 600, 700, null)]
    public void The_run_says_how_long_else_its_thread_else_the_server(int? run, int? thread, int server, int? expected)
    {
        var scene = new Scene { Policy = new ThreadPolicy { DebounceQuiet = TimeSpan.FromMilliseconds(server) } };
        var metadata = ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);
        if (thread is { } said)
            metadata = metadata.Add("actorruns_debounce_ms", JsonElement.Parse($"{said}"));
        scene.Do(new ThreadCommand.CreateThread(metadata, MayExist: false, Past: []));

        scene.Submit(Scene.Request(1) with
        {
            Input = Scene.Saying(1), Config = run is { } quiet ? Settings(quiet) : default,
        });

        var debounce = scene.Ledger.Runs[Notation.Run(1)].Request.Debounce;
        Assert.Equal(expected, (int?)debounce?.Quiet.TotalMilliseconds);
    }

    private static JsonElement Settings(int quiet) =>
        JsonElement.Parse($$$"""{"configurable":{"actorruns_debounce_ms":{{{quiet}}}}}""");

    private void Submit(int run, JsonElement config) =>
        _scene.Submit(Scene.Request(run) with { Input = Scene.Saying(run), Config = config });
}
