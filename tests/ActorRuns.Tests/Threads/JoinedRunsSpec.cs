using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Streams;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Runs that join others, over actors that are lost in between.</summary>
public sealed class JoinedRunsSpec : RuntimeTest
{
    [Fact]
    public async Task A_message_to_the_run_at_work_survives_the_loss_of_the_process_before_it_is_heard()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next().Call("search");
        Graph.Next();
        var second = Submit(thread, Say("two") with { Steers = true });

        LoseTheProcess();
        Read(thread);
        Graph.Next().Return(Visit.Result("search", "found"));
        Graph.Next().Answer("both");

        var outcome = await EndOf(thread, second.Id);
        Assert.Equal(RunStatus.Success, outcome.Run?.Status);
        Assert.Equal(["human: one", "ai: ", "tool: found", "human: two", "ai: both"], Transcript(Read(thread)));
    }

    [Fact]
    public async Task A_process_that_is_lost_after_it_says_it_once_and_its_stream_ends()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next().Call("search");
        var tools = Graph.Next();
        var second = Submit(thread, Say("two") with { Steers = true });
        tools.Return(Visit.Result("search", "found"));
        Graph.Next();

        LoseTheProcess();
        var end = EndOf(thread, second.Id);
        Graph.Next().Answer("both");

        Assert.Equal(RunStatus.Success, (await end).Run?.Status);
        Assert.Equal("human: two", Assert.Single(Transcript(Read(thread)), said => said is "human: two"));
    }

    [Fact]
    public async Task The_stream_of_a_joined_run_is_the_same_live_and_from_the_journal()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next().Call("search");
        var tools = Graph.Next();
        var second = Submit(thread, Say("two") with { Steers = true });
        tools.Return(Visit.Result("search", "found"));
        Graph.Next().Answer("both");
        await EndOf(thread, second.Id);
        var live = await Frames(Open(thread, second.Id));

        LoseTheProcess();

        Assert.NotEmpty(live);
        Assert.Equal(live, await Frames(Open(thread, second.Id)));
    }

    [Fact]
    public async Task Messages_that_wait_for_each_other_are_said_together_after_a_crash()
    {
        var thread = NewThread();
        var config = JsonElement.Parse("""{"configurable":{"actorruns_debounce_ms":300}}""");
        Submit(thread, Say("one") with { Config = config });
        var second = Submit(thread, Say("two") with { Config = config });

        LoseTheProcess();
        Read(thread);
        Graph.Next().Answer("both");

        Assert.Equal(RunStatus.Success, (await EndOf(thread, second.Id)).Run?.Status);
        Assert.Equal(["human: one", "human: two", "ai: both"], Transcript(Read(thread)));
    }

    private static async Task<List<string>> Frames(IRunStream stream)
    {
        var frames = new List<string>();
        await foreach (var frame in stream.ReadAsync(FrameId.Origin, CancellationToken.None))
            frames.Add($"{frame.Id} {frame.Event} {System.Text.Encoding.UTF8.GetString(frame.Data.Span)}");
        return frames;
    }
}
