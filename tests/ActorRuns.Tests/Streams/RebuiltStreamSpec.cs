using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Streams;
using Xunit;

namespace ActorRuns.Tests.Streams;

/// <summary>A stream that is not kept any more is read off the journal: the same, save for tokens.</summary>
public sealed class RebuiltStreamSpec() : RuntimeTest(
    options: new RuntimeOptions { StreamRetention = TimeSpan.Zero, RecordedStreamRetention = TimeSpan.Zero })
{
    private const StreamModes Modes = StreamModes.Values | StreamModes.Updates | StreamModes.Messages
        | StreamModes.MessagesTuple | StreamModes.Tasks | StreamModes.Checkpoints | StreamModes.Debug
        | StreamModes.Events;

    [Fact]
    public async Task Events_have_the_same_ids_in_the_same_order_save_for_tokens()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("weather?") with { StreamModes = Modes });
        var live = Open(thread, run.Id);
        Graph.Next().Call("search");
        Graph.Next().Return(Visit.Result("search", "sunny"));
        var visit = Graph.Next();
        visit.Context.WriteChunk(new MessageChunk("m1", "It is "));
        visit.Context.WriteChunk(new MessageChunk("m1", "sunny."));
        visit.Return(new Message { Id = "m1", Type = MessageType.Ai, Content = MessageContent.Of("It is sunny.") });
        await live.Outcome.WaitAsync(TimeSpan.FromSeconds(10));

        var told = await ReadAll(live);
        AwaitAssert(() => Assert.NotSame(live, Open(thread, run.Id)));
        var rebuilt = await ReadAll(Open(thread, run.Id));

        // What was told token by token is told as a whole by the journal: the one event that only it has.
        Assert.Contains(told, frame => frame.IsVolatile);
        Assert.Equal(
            told.Where(frame => !frame.IsVolatile).Select(Write),
            rebuilt.Where(frame => told.Exists(seen => seen.Id == frame.Id)).Select(Write));
        Assert.Equal("messages", Assert.Single(rebuilt, frame => !told.Exists(seen => seen.Id == frame.Id)).Event);
    }

    [Fact]
    public async Task What_the_model_thinks_is_streamed_as_a_block_of_its_own_and_what_it_says_then_as_another()
    {
        var thread = NewThread();
        var modes = StreamModes.Messages | StreamModes.MessagesTuple;
        var run = Submit(thread, Say("weather?") with { StreamModes = modes });
        var live = Open(thread, run.Id);
        var visit = Graph.Next();
        visit.Context.WriteChunk(new MessageChunk("m1", string.Empty) { Reasoning = "Hm. " });
        visit.Context.WriteChunk(new MessageChunk("m1", string.Empty) { Reasoning = "Sunny?" });
        visit.Context.WriteChunk(new MessageChunk("m1", "Yes."));
        visit.Answer("Yes.");
        await live.Outcome.WaitAsync(TimeSpan.FromSeconds(10));

        var told = (await ReadAll(live)).Where(frame => frame.IsVolatile).Select(Write).ToList();

        Assert.Contains(told, frame => frame.Contains(
            """[{"type":"reasoning","reasoning":"Sunny?","index":0}]""", StringComparison.Ordinal));
        Assert.Contains(told, frame => frame.Contains(
            """[{"type":"text","text":"Yes.","index":1}]""", StringComparison.Ordinal));
        Assert.Contains(told, frame => frame.Contains(
            """[{"type":"reasoning","reasoning":"Hm. Sunny?"},{"type":"text","text":"Yes."}]""",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_stream_of_a_run_that_was_stopped_ends_when_it_is_rebuilt()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        Graph.Next();
        Submit(thread, Say("two", MultitaskStrategy.Interrupt));

        LoseTheProcess();

        var outcome = await EndOf(thread, run.Id);
        Assert.Equal(RunStatus.Interrupted, outcome.Run?.Status);
    }

    [Fact]
    public void A_stream_without_tokens_is_recorded_as_a_whole_and_one_with_tokens_is_not()
    {
        var stream = new RunStream(maxFrames: 10);
        stream.Append([Frame(new FrameId(1, 0), isVolatile: false)]);
        Assert.True(stream.IsRecorded);

        stream.Append([Frame(new FrameId(1, 1), isVolatile: true)]);
        stream.Append([Frame(new FrameId(2, 0), isVolatile: false)]);

        Assert.False(stream.IsRecorded);
    }

    private static StreamFrame Frame(FrameId id, bool isVolatile) =>
        new(id, StreamModes.None, "any", writer => writer.WriteNullValue()) { IsVolatile = isVolatile };

    private static string Write(StreamFrame frame) =>
        $"{frame.Id} {frame.Event} {System.Text.Encoding.UTF8.GetString(frame.Data.Span)}";

    private static async Task<List<StreamFrame>> ReadAll(IRunStream stream)
    {
        var frames = new List<StreamFrame>();
        await foreach (var frame in stream.ReadAsync(FrameId.Origin, CancellationToken.None))
            frames.Add(frame);
        return frames;
    }
}
