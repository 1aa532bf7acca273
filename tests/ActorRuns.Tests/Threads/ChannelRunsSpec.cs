using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>What becomes of what nodes that run side by side write to the channels of their graph.</summary>
public sealed class ChannelRunsSpec() : GraphRunsTest(spec => ((ChannelRunsSpec)spec).Pair())
{
    private int _additions;

    [Fact]
    public void A_list_takes_what_each_of_them_writes_in_the_order_of_the_tasks()
    {
        var ended = EndedBy(Begin("list"), 1);

        Assert.Equal("""["left","right 1","right 2"]""", List(ended, "list"));
    }

    [Fact]
    public void A_function_makes_one_value_of_what_they_write_beginning_with_the_initial_one()
    {
        var thread = Begin("sum");
        EndedBy(thread, 1);

        Send(thread, Request() with { Input = Json("""{"says":"sum","sum":1000}""") });

        Assert.Equal("1122", Value(EndedBy(thread, 2), "sum")); // 100, twice 10 and 1, and the input between them.
    }

    [Fact]
    public void What_the_function_made_is_recorded_and_it_is_not_asked_again()
    {
        var thread = Begin("sum");
        EndedBy(thread, 1);
        var asked = _additions;

        LoseThem();

        Assert.Equal("111", Value(ReadFrom(thread), "sum"));
        Assert.Equal(asked, _additions);
    }

    [Fact]
    public void A_list_and_its_copy_survive_a_crash()
    {
        var thread = Begin("list");
        EndedBy(thread, 1);
        var copy = Copy(thread);

        LoseThem();

        Assert.Equal(List(ReadFrom(thread), "list"), List(ReadFrom(copy), "list"));
    }

    [Fact]
    public void A_list_that_a_run_went_on_from_in_the_past_is_the_same_in_a_copy()
    {
        var thread = Begin("list");
        var first = EndedBy(thread, 1).Position.Head!;
        Send(thread, Request() with { Input = Json("""{"says":"list"}""") });
        EndedBy(thread, 2);
        Send(thread, Request() with { Input = Json("""{"says":"list","list":"forked"}""") }, first.Id);
        var forked = EndedBy(thread, 3);

        var copied = ReadFrom(Copy(thread));

        Assert.Equal("""["left","right 1","right 2","forked","left","right 1","right 2"]""", List(copied, "list"));
        Assert.Equal(List(forked, "list"), List(copied, "list"));
    }

    [Fact]
    public void Two_of_them_may_not_write_to_a_channel_that_takes_one_value()
    {
        var ended = EndedBy(Begin("clash"), 1);

        Assert.Equal(
            new RunCause.Failed(
                "InvalidUpdateError",
                "Channel 'one' takes one value in a step, and both left and right write to it; "
                    + "declare it as a list, or with a function that makes one of both."),
            Assert.Single(ended.Runs.Values).Cause);
    }

    [Fact]
    public void What_the_function_of_a_channel_does_not_take_fails_the_run_and_not_the_thread()
    {
        var thread = Ids.NewThreadId();
        Send(thread, Request() with { Input = Json("""{"says":"sum","sum":"much"}""") });

        var failed = EndedBy(thread, 1);
        Send(thread, Request() with { Input = Json("""{"says":"sum"}""") });

        var cause = Assert.IsType<RunCause.Failed>(Assert.Single(failed.Runs.Values).Cause);
        Assert.Equal("InvalidUpdateError", cause.Error);
        Assert.StartsWith("Channel 'sum' cannot take much", cause.Message, StringComparison.Ordinal);
        Assert.Equal("111", Value(EndedBy(thread, 2), "sum"));
    }

    [Fact]
    public void A_node_with_a_view_sees_its_channels_only()
    {
        var ended = EndedBy(Begin("view"), 1);

        Assert.Equal("\"says\"", Value(ended, "seen"));
    }

    [Fact]
    public void A_node_with_a_view_may_not_write_to_the_others()
    {
        var ended = EndedBy(Begin("write elsewhere"), 1);

        var cause = Assert.IsType<RunCause.Failed>(Assert.Single(ended.Runs.Values).Cause);
        Assert.Equal(
            "Node 'left' writes to channel 'elsewhere'; it may write to list, sum, one, seen only.", cause.Message);
    }

    [Fact]
    public async Task Readers_see_what_a_node_wrote_and_the_values_what_became_of_it()
    {
        var thread = Begin("sum");
        var run = Assert.Single(EndedBy(thread, 1).Order);

        var frames = await FramesOf(thread, run);

        Assert.Contains("""updates {"left":{"sum":10}}""", frames);
        Assert.Contains("""updates {"right":{"sum":1}}""", frames);
        Assert.Contains("""values {"says":"sum","sum":111}""", frames);
    }

    private static string List(ThreadLedger ledger, string channel) =>
        JsonSerializer.Serialize(ledger.Position.Values.ListOf(channel));

    private AgentGraph Pair() => AgentGraph.Create("pair")
        .Channel("list", ChannelKind.List)
        .Channel("one", ChannelKind.LastValue)
        .Channel("sum", Add, Json("100"))
        .Node("left", LeftAsync)
        .Node("right", RightAsync)
        .Edge(GraphNodes.Start, "left")
        .Edge(GraphNodes.Start, "right")
        .View("left", reads: ["says"], writes: ["list", "sum", "one", "seen"])
        .Build();

    private JsonElement Add(JsonElement current, JsonElement update)
    {
        Interlocked.Increment(ref _additions);
        var sum = current.GetInt32() + update.GetInt32();
        return Json(sum.ToString(CultureInfo.InvariantCulture));
    }

    private Task<NodeUpdate> LeftAsync(NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(context.State.Values["says"].GetString() switch
        {
            "list" => NodeUpdate.None.With("list", Json("\"left\"")),
            "sum" => NodeUpdate.None.With("sum", Json("10")),
            "clash" => NodeUpdate.None.With("one", Json("1")),
            "view" => NodeUpdate.None.With(
                "seen", JsonSerializer.SerializeToElement(string.Join(' ', context.State.Values.Keys))),
            _ => NodeUpdate.None.With("elsewhere", Json("1")),
        });

    private Task<NodeUpdate> RightAsync(NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(context.State.Values["says"].GetString() switch
        {
            "list" => NodeUpdate.None.With("list", Json("""["right 1","right 2"]""")),
            "sum" => NodeUpdate.None.With("sum", Json("1")),
            "clash" => NodeUpdate.None.With("one", Json("2")),
            _ => NodeUpdate.None,
        });
}
