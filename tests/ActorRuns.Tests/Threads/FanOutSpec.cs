using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>One node executed several times in a step, each time with an input of its own.</summary>
public sealed class FanOutSpec() : GraphRunsTest(spec => ((FanOutSpec)spec).Order())
{
    [Fact]
    public void Each_input_is_worked_on_once_in_one_step_and_what_follows_comes_once()
    {
        var thread = Begin("go");

        var ended = EndedBy(thread, 1);

        Assert.Equal(["join", "work a", "work b", "work c"], Executed);
        Assert.Equal(["\"A\"", "\"B\"", "\"C\""], new[] { "a", "b", "c" }.Select(part => Value(ended, part)));
        Assert.Equal("success", RunStatusOf(ended));
    }

    [Fact]
    public void With_nothing_to_send_the_way_ends_there()
    {
        var thread = Begin("nothing");

        Assert.Equal("success", RunStatusOf(EndedBy(thread, 1)));
        Assert.Empty(Executed);
    }

    [Fact]
    public void What_was_done_when_the_process_died_is_not_done_again()
    {
        var thread = Begin("b waits");
        AwaitAssert(() => Assert.Equal(2, ReadFrom(thread).Position.Finished.Count));

        LoseThem();
        Gate.SetResult();

        var ended = EndedBy(thread, 1);
        Assert.Equal(["join", "work a", "work b", "work b", "work c"], Executed);
        Assert.Equal("\"B\"", Value(ended, "b"));
    }

    [Fact]
    public void Each_of_them_can_ask_a_human_and_is_answered_by_the_id_of_its_question()
    {
        var thread = Begin("a and c ask");
        var asked = EndedBy(thread, 1).Position.Interrupts.ToDictionary(question => question.Value.GetString()!);

        Send(thread, Answer($$"""{"{{asked["c"].Id}}":3,"{{asked["a"].Id}}":1}"""));

        var ended = EndedBy(thread, 2);
        Assert.Equal(("1", "\"B\"", "3"), (Value(ended, "a"), Value(ended, "b"), Value(ended, "c")));
        Assert.Equal(["join", "work a", "work a", "work b", "work c", "work c"], Executed);
    }

    [Fact]
    public void A_command_can_send_to_a_node_as_well()
    {
        var command = new GraphCommand(default, Json("""{"says":"go"}"""), [])
        {
            Sends = [new Send("work", Json("\"x\"")), new Send("work", Json("\"y\""))],
        };

        var thread = Ids.NewThreadId();
        Send(thread, Request() with { Command = command });

        var ended = EndedBy(thread, 1);
        Assert.Equal(["join", "work x", "work y"], Executed);
        Assert.Equal(("\"X\"", "\"Y\""), (Value(ended, "x"), Value(ended, "y")));
    }

    [Fact]
    public void A_thread_that_stands_before_the_step_knows_what_was_sent_also_as_a_copy_and_after_a_crash()
    {
        var thread = Begin("go", Request() with { InterruptBefore = ["work"] });
        EndedBy(thread, 1);

        LoseThem();
        var copy = Copy(thread);
        Send(copy, Answer("null"));

        Assert.Equal("\"C\"", Value(EndedBy(copy, 1), "c"));
        Assert.Equal(["join", "work a", "work b", "work c"], Executed);
    }

    [Fact]
    public async Task Readers_see_a_task_and_an_update_for_each_by_the_name_of_the_node_and_alike_when_read_back()
    {
        var thread = Begin("go");
        var run = Assert.Single(EndedBy(thread, 1).Order);

        var live = await FramesOf(thread, run);
        LoseThem();
        var readBack = await FramesOf(thread, run);

        Assert.Equal(
            ["""updates {"work":{"a":"A"}}""", """updates {"work":{"b":"B"}}""", """updates {"work":{"c":"C"}}"""],
            live.Where(frame => frame.StartsWith("updates {\"work\"", StringComparison.Ordinal)));
        Assert.Equal(3, live.Count(frame => frame.StartsWith("tasks", StringComparison.Ordinal)
            && frame.Contains("\"name\":\"work\"", StringComparison.Ordinal)
            && frame.Contains("\"triggers\":[\"__pregel_push\"]", StringComparison.Ordinal)));
        Assert.Equal(live, readBack);
    }

    [Fact]
    public void A_name_that_could_be_that_of_a_task_is_none_for_a_node()
    {
        var fault = Assert.Throws<ArgumentException>(() =>
            AgentGraph.Create("graph").Node("work:1", (_, _) => Task.FromResult(NodeUpdate.None)));

        Assert.Contains("'work:1'", fault.Message, StringComparison.Ordinal);
    }

    private static string RunStatusOf(ThreadLedger ledger) =>
        Assert.Single(ledger.Runs.Values).Status.ToString().ToLowerInvariant();

    private AgentGraph Order() => AgentGraph.Create("order")
        .Node("work", WorkAsync)
        .Node("join", JoinAsync)
        .FanOut(GraphNodes.Start, Parts, "work")
        .Edge("work", "join")
        .Build();

    private static IEnumerable<Send> Parts(ChannelValues state) =>
        state.Values["says"].GetString() is "nothing"
            ? []
            : new[] { "a", "b", "c" }.Select(part => new Send("work", JsonSerializer.SerializeToElement(part)));

    private async Task<NodeUpdate> WorkAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var part = context.Input.GetString()!;
        Note($"work {part}");
        var says = context.State.Values["says"].GetString()!;
        if (says == $"{part} waits")
            await Gate.Task.WaitAsync(cancellationToken);
        var asks = says.EndsWith(" ask", StringComparison.Ordinal) && says.Split(' ').Contains(part);
        return NodeUpdate.None.With(part, asks
            ? context.Interrupt(context.Input)
            : JsonSerializer.SerializeToElement(part.ToUpperInvariant()));
    }

    private Task<NodeUpdate> JoinAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Note("join");
        return Task.FromResult(NodeUpdate.None);
    }
}
