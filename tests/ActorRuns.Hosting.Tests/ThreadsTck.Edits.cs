using System.Text.Json;
using ActorRuns.Client;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <content>What can be changed of a thread beside its runs: the queue, the state, the metadata.</content>
public abstract partial class ThreadsTck
{
    [Fact]
    public async Task A_run_that_waits_is_executed_as_it_was_edited_and_not_edited_once_it_has_begun()
    {
        var thread = await NewThreadAsync();
        var first = await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var working = Graph.Next();
        var second = await Threads.SubmitAsync(thread.Id, Say("two"), InTime);

        var edited = await Threads.EditRunAsync(
            thread.Id,
            second.Id,
            new RunChange { Input = Say("three").Input, Metadata = JsonElement.Parse("""{"edited":true}""") },
            InTime);
        await Assert.ThrowsAsync<ConflictException>(() =>
            Threads.EditRunAsync(thread.Id, first.Id, new RunChange { Input = Say("late").Input }, InTime));
        working.Answer("1");
        var visit = Graph.Next();
        visit.Answer("3");
        var ended = await Threads.AwaitEndAsync(thread.Id, second.Id, InTime);

        Assert.True(edited.Metadata.GetProperty("edited").GetBoolean());
        Assert.Equal("three", visit.Says);
        Assert.Equal(["one", "1", "three", "3"], TextsOf(ended.Values));
    }

    [Fact]
    public async Task The_queue_takes_another_order_and_a_run_can_be_put_first()
    {
        var thread = await NewThreadAsync();
        await Threads.SubmitAsync(thread.Id, Say("one"), InTime);
        var working = Graph.Next();
        var second = await Threads.SubmitAsync(thread.Id, Say("two"), InTime);
        var third = await Threads.SubmitAsync(thread.Id, Say("three"), InTime);

        var reordered = await Threads.ReorderQueueAsync(thread.Id, [third.Id, second.Id], InTime);
        await Assert.ThrowsAsync<ConflictException>(
            () => Threads.ReorderQueueAsync(thread.Id, [third.Id], InTime));
        var promoted = await Threads.PromoteAsync(thread.Id, second.Id, over: null, InTime);
        await Threads.PromoteAsync(thread.Id, third.Id, CancelAction.Interrupt, InTime);
        await working.Cancelled.Task.WaitAsync(InTime);
        working.Answer("too late");
        var next = Graph.Next();

        Assert.Equal([third.Id, second.Id], reordered.Select(run => run.Id));
        Assert.Equal(1, promoted.QueuePosition);
        Assert.Equal("three", next.Says);
        next.Answer("3");
        Graph.Next().Answer("2");
        await Threads.AwaitEndAsync(thread.Id, second.Id, InTime);
    }

    [Fact]
    public async Task The_state_is_changed_from_outside_as_a_revision_of_its_own()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        var working = Graph.Next();
        var change = new StateChange(JsonElement.Parse("""{"messages":[{"role":"human","content":"by the way"}]}"""));

        await Assert.ThrowsAsync<ConflictException>(() => Threads.UpdateStateAsync(thread.Id, change, InTime));
        working.Answer("hello");
        await Threads.AwaitEndAsync(thread.Id, run.Id, InTime);
        var made = await Threads.UpdateStateAsync(thread.Id, change with { AsNode = "agent" }, InTime);
        var state = await Threads.ReadStateAsync(thread.Id, InTime);
        var fork = await Threads.UpdateStateAsync(thread.Id, change with { From = state.Parent }, InTime);

        Assert.Equal(made, state.Checkpoint);
        Assert.Equal(["hi", "hello", "by the way"], TextsOf(state.Values));
        Assert.Equal(state.Parent, (await Threads.ReadStateAsync(thread.Id, fork, InTime)).Parent);
    }

    [Fact]
    public async Task Metadata_is_set_by_key_and_a_copy_has_the_state_and_no_runs()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        Graph.Next().Answer("hello");
        await Threads.AwaitEndAsync(thread.Id, run.Id, InTime);

        var patched = await Threads.PatchAsync(thread.Id, JsonElement.Parse("""{"owner":"ann"}"""), InTime);
        var copy = await Threads.CopyAsync(thread.Id, InTime);

        Assert.Equal("ann", patched.Metadata.GetProperty("owner").GetString());
        Assert.NotEqual(thread.Id, copy.Id);
        Assert.Equal(["hi", "hello"], TextsOf((await Threads.ReadStateAsync(copy.Id, InTime)).Values));
        Assert.Empty(await Threads.ReadRunsAsync(copy.Id, 10, InTime));
    }

    [Fact]
    public async Task The_journal_tells_every_fact_once_and_in_order()
    {
        var thread = await NewThreadAsync();
        var run = await Threads.SubmitAsync(thread.Id, Say("hi"), InTime);
        Graph.Next().Answer("hello");
        await Threads.AwaitEndAsync(thread.Id, run.Id, InTime);

        var facts = new List<JsonElement>();
        await foreach (var fact in Threads.ReadJournalAsync(thread.Id, InTime))
            facts.Add(fact);

        Assert.Equal(
            Enumerable.Range(1, facts.Count).Select(number => (long)number),
            facts.Select(fact => fact.GetProperty("sequence_nr").GetInt64()));
        Assert.Equal("thread-created/1", facts[0].GetProperty("manifest").GetString());
        Assert.Equal("run-succeeded/1", facts[^1].GetProperty("manifest").GetString());
    }
}
