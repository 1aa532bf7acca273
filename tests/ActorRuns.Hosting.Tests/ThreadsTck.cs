using System.Text.Json;
using ActorRuns.Client;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Tests;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>What <see cref="IThreads"/> promises, wherever the runtime is.</summary>
public abstract partial class ThreadsTck : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The graph <c>gated</c>; what it says is the test's word.</summary>
    protected GatedGraph Graph { get; } = new();

    protected abstract IThreads Threads { get; }

    /// <summary>Ends a test that waits for what does not come.</summary>
    protected CancellationToken InTime { get; } = new CancellationTokenSource(Patience).Token;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task A_thread_that_was_made_can_be_read_found_and_deleted()
    {
        var made = await Threads.CreateAsync(
            new NewThread { Metadata = JsonElement.Parse("""{"owner":"ann"}""") }, InTime);

        var read = await Threads.ReadAsync(made.Id, InTime);
        var ofAnn = new ThreadFilter { Metadata = made.Metadata, Status = ThreadStatus.Idle };
        var found = await Threads.SearchAsync(ofAnn, InTime);
        await Threads.DeleteAsync(made.Id, InTime);

        Assert.Equal(made.Id, read.Id);
        Assert.Equal("ann", read.Metadata.GetProperty("owner").GetString());
        Assert.Equal(made.Id, Assert.Single(found).Id);
        await Assert.ThrowsAsync<NotFoundException>(() => Threads.ReadAsync(made.Id, InTime));
    }

    [Fact]
    public async Task A_thread_with_an_id_of_the_callers_is_made_once()
    {
        var asked = new NewThread { Id = (await NewThreadAsync()).Id };

        await Assert.ThrowsAsync<ConflictException>(() => Threads.CreateAsync(asked, InTime));
        Assert.Equal(asked.Id, (await Threads.CreateAsync(asked with { MayExist = true }, InTime)).Id);
    }

    [Fact]
    public async Task A_run_is_accepted_before_it_works_and_its_end_is_told_to_who_waits()
    {
        var thread = await NewThreadAsync();

        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        var waits = Threads.AwaitEndAsync(thread.Id, run.Id, InTime);
        Graph.Next().Answer("hello");
        var result = await waits;

        Assert.Equal((RunStatus.Success, "finished"), (result.Run?.Status, result.Run?.Cause));
        Assert.Equal(["hi", "hello"], TextsOf(result.Values));
    }

    [Fact]
    public async Task A_second_message_interrupts_the_first_and_both_are_in_the_transcript()
    {
        var thread = await NewThreadAsync();
        var first = await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var cut = Graph.Next();

        var second = await Threads.SubmitAsync(
            thread.Id, Say("two") with { Strategy = MultitaskStrategy.Interrupt }, InTime);
        await cut.Cancelled.Task.WaitAsync(InTime);
        cut.Answer("too late");
        Graph.Next().Answer("to both");
        var ends = await Threads.AwaitEndAsync(thread.Id, second.Id, InTime);
        var stopped = await Threads.AwaitEndAsync(thread.Id, first.Id, InTime);

        Assert.Equal((RunStatus.Interrupted, (RunId?)second.Id), (stopped.Run?.Status, stopped.Run?.SupersededBy));
        Assert.Equal(["one", "two", "to both"], TextsOf(ends.Values));
    }

    [Fact]
    public async Task A_run_that_is_enqueued_waits_its_turn_and_says_which_it_is()
    {
        var thread = await NewThreadAsync();
        await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var working = Graph.Next();

        var second = await Threads.SubmitAsync(
            thread.Id, Say("two") with { Strategy = MultitaskStrategy.Enqueue }, InTime);
        var queue = await Threads.ReadQueueAsync(thread.Id, InTime);
        working.Answer("first");
        Graph.Next().Answer("second");
        var ended = await Threads.AwaitEndAsync(thread.Id, second.Id, InTime);
        var runs = await Threads.ReadRunsAsync(thread.Id, 10, InTime);

        Assert.Equal((second.Id, (int?)1), (Assert.Single(queue).Id, queue[0].QueuePosition));
        Assert.Equal(["one", "first", "two", "second"], TextsOf(ended.Values));
        Assert.Equal(second.Id, runs[0].Id);
        Assert.All(runs, run => Assert.Equal(RunStatus.Success, run.Status));
    }

    [Fact]
    public async Task A_run_that_wants_a_free_thread_is_refused_while_it_is_not()
    {
        var thread = await NewThreadAsync();
        await Threads.SubmitAsync(thread.Id, Say("one"), InTime);

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Threads.SubmitAsync(
            thread.Id, Say("two") with { Strategy = MultitaskStrategy.Reject }, InTime));

        Assert.Contains("already running", refused.Message, StringComparison.Ordinal);
        Assert.Single(await Threads.ReadRunsAsync(thread.Id, 10, InTime));
        Graph.Next().Answer("done");
    }

    [Fact]
    public async Task A_run_that_was_rolled_back_ends_as_none()
    {
        var thread = await NewThreadAsync();
        var first = await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var cut = Graph.Next();
        var waits = Threads.AwaitEndAsync(thread.Id, first.Id, InTime);
        await using var told = Threads.FollowAsync(thread.Id, first.Id, null, InTime).GetAsyncEnumerator(InTime);
        Assert.True(await told.MoveNextAsync()); // It is open before the run is gone, as the wait is sent before it.

        var second = await Threads.SubmitAsync(
            thread.Id, Say("two") with { Strategy = MultitaskStrategy.Rollback }, InTime);
        cut.Answer("too late");
        Graph.Next().Answer("to two");
        var ended = await Threads.AwaitEndAsync(thread.Id, second.Id, InTime);

        Assert.Equal(["two", "to two"], TextsOf(ended.Values));
        await Assert.ThrowsAsync<NotFoundException>(() => Threads.ReadRunAsync(thread.Id, first.Id, InTime));
        Assert.Null((await waits).Run);
    }

    [Fact]
    public async Task The_events_of_a_run_come_once_in_order_and_end_with_it()
    {
        var thread = await NewThreadAsync();

        var seen = new List<RunEvent>();
        await foreach (var told in Threads.StreamAsync(thread.Id, Say("hi"), InTime))
        {
            if (told.Name == "metadata")
                Graph.Next().Answer("hello");
            seen.Add(told);
        }

        Assert.Equal("metadata", seen[0].Name);
        Assert.Equal(["hi", "hello"], TextsOf(seen[^1].Payload));
        Assert.Equal(seen.Count, seen.Select(told => told.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_reader_who_comes_back_gets_what_is_after_the_event_that_it_knows()
    {
        var thread = await NewThreadAsync();
        var run = await FinishedAsync(thread.Id, "hi");
        var all = await ReadAsync(Threads.FollowAsync(thread.Id, run, null, InTime));

        var rest = await ReadAsync(Threads.FollowAsync(thread.Id, run, all[1].Id, InTime));

        Assert.Equal(all.Skip(2).Select(told => told.Id), rest.Select(told => told.Id));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_is_interrupted_and_leaves_what_it_had()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var visit = Graph.Next();

        var cancels = Threads.CancelAsync(thread.Id, run.Id, CancelAction.Interrupt, InTime);
        await visit.Cancelled.Task.WaitAsync(InTime);
        visit.Answer("too late");
        await cancels;

        var read = await Threads.ReadRunAsync(thread.Id, run.Id, InTime);
        Assert.Equal((RunStatus.Interrupted, "cancelled"), (read.Status, read.Cause));
        Assert.Equal(["one"], TextsOf((await Threads.ReadStateAsync(thread.Id, InTime)).Values));
    }

    [Fact]
    public async Task The_past_of_the_state_can_be_read_as_a_list_and_one_by_one()
    {
        var thread = await NewThreadAsync();
        Assert.Null((await Threads.ReadStateAsync(thread.Id, InTime)).Checkpoint);
        await FinishedAsync(thread.Id, "hi");

        var history = await Threads.ReadHistoryAsync(thread.Id, 10, InTime);
        var before = await Threads.ReadStateAsync(thread.Id, history[1].Checkpoint!.Value, InTime);

        Assert.Equal(history[0].Checkpoint, (await Threads.ReadStateAsync(thread.Id, InTime)).Checkpoint);
        Assert.Equal(history[0].Parent, before.Checkpoint);
        Assert.Equal(["hi"], TextsOf(before.Values));
        Assert.Equal("agent", Assert.Single(before.Next));
    }

    [Fact]
    public async Task What_a_human_is_asked_is_told_and_the_answer_goes_on()
    {
        var thread = await NewThreadAsync();
        var asks = await Threads.SubmitAsync(thread.Id, Say("hi") with { Assistant = "asks" }, InTime);

        var asked = await Threads.AwaitEndAsync(thread.Id, asks.Id, InTime);
        var state = await Threads.ReadStateAsync(thread.Id, InTime);
        var goesOn = await Threads.ResumeAsync(thread.Id, "asks", JsonElement.Parse("\"yes\""), InTime);
        var ended = await Threads.AwaitEndAsync(thread.Id, goesOn.Id, InTime);

        Assert.Equal("sure?", Assert.Single(asked.Questions).Value.GetString());
        Assert.Equal(asked.Questions[0].Id, Assert.Single(state.Questions).Id);
        Assert.Equal(["hi", "yes"], TextsOf(ended.Values));
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_refused()
    {
        var thread = await NewThreadAsync();

        await Assert.ThrowsAsync<ConflictException>(
            () => Threads.ResumeAsync(thread.Id, "asks", JsonElement.Parse("\"yes\""), InTime));
    }

    [Fact]
    public async Task A_run_that_fails_says_of_what()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        Graph.Next().Throw(new InvalidOperationException("no wind"));

        var ended = await Threads.AwaitEndAsync(thread.Id, run.Id, InTime);

        Assert.Equal(RunStatus.Error, ended.Run?.Status);
        Assert.Equal("no wind", ended.Failure?.Message);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_told_field_by_field()
    {
        var thread = await NewThreadAsync();

        var wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => Threads.SubmitAsync(
            thread.Id, Say("hi") with { Delay = TimeSpan.FromSeconds(-1), Config = JsonElement.Parse("1") }, InTime));

        Assert.Equal(["after_seconds", "config"], wrong.Errors.Keys);
    }

    [Fact]
    public async Task An_assistant_that_is_not_there_is_told()
    {
        var thread = await NewThreadAsync();

        var missing = await Assert.ThrowsAsync<NotFoundException>(
            () => Threads.SubmitAsync(thread.Id, Say("hi") with { Assistant = "nobody" }, InTime));

        Assert.Contains("nobody", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_stops_no_run()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        var visit = Graph.Next();
        using var impatient = new CancellationTokenSource();

        var waits = Threads.AwaitEndAsync(thread.Id, run.Id, impatient.Token);
        var reads = ReadAsync(Threads.FollowAsync(thread.Id, run.Id, null, impatient.Token));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reads);
        visit.Answer("hello");

        Assert.Equal(RunStatus.Success, (await Threads.AwaitEndAsync(thread.Id, run.Id, InTime)).Run?.Status);
    }

    [Fact]
    public async Task A_run_that_is_sent_twice_under_one_key_is_one()
    {
        var thread = await NewThreadAsync();
        var asked = Say("hi") with { IdempotencyKey = "k1" };

        var first = await Threads.SubmitAsync(thread.Id, asked, InTime);
        var again = await Threads.SubmitAsync(thread.Id, asked, InTime);

        Assert.Equal(first.Id, again.Id);
        Graph.Next().Answer("once");
    }

    protected static NewRun Say(string text) => NewRun.Say("gated", text);

    protected Task<ThreadView> NewThreadAsync() => Threads.CreateAsync(new NewThread(), InTime);

    /// <summary>A run that has ended.</summary>
    protected async Task<RunId> FinishedAsync(ThreadId thread, string says)
    {
        var run = await Threads.SubmitAsync(thread, Say(says), InTime);
        Graph.Next().Answer($"you said {says}");
        await Threads.AwaitEndAsync(thread, run.Id, InTime);
        return run.Id;
    }

    protected static async Task<List<RunEvent>> ReadAsync(IAsyncEnumerable<RunEvent> events)
    {
        var all = new List<RunEvent>();
        await foreach (var told in events)
            all.Add(told);
        return all;
    }

    protected static IEnumerable<string?> TextsOf(JsonElement values) =>
        values.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString());

    /// <summary>What every runtime of these tests has: the gated graph, and one that asks a human.</summary>
    protected void Configure(ActorRunsOptions options) => options
        .AddAgent("gated", _ => Graph.Build())
        .AddAgent("asks", _ => AgentGraph.Create("asks")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node("ask", (context, _) => Task.FromResult(NodeUpdate.Of(new Message
            {
                Id = context.NewMessageId(),
                Type = MessageType.Ai,
                Content = MessageContent.Of($"{context.Interrupt(JsonElement.Parse("\"sure?\""))}"),
            })))
            .Edge(GraphNodes.Start, "ask")
            .Edge("ask", GraphNodes.End)
            .Build());
}
