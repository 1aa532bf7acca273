using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Streams;

public sealed class RunStreamSpec
{
    private static readonly RunId Run = new(Guid.Empty);

    [Fact]
    public async Task A_reader_gets_what_is_past_and_what_comes_and_ends_with_the_run()
    {
        var stream = new RunStream(maxFrames: 100);
        stream.Append([Frame(1, 0), Frame(1, 1)]);
        var reading = ReadAll(stream, FrameId.Origin);

        stream.Append([Frame(2, 0)]);
        stream.Complete(RunOutcome.Of(ThreadLedger.Empty, Run), end: null);

        Assert.Equal(["1-0", "1-1", "2-0"], await reading);
    }

    [Fact]
    public async Task Reading_goes_on_after_the_frame_that_was_seen_last()
    {
        var stream = new RunStream(maxFrames: 100);
        stream.Append([Frame(1, 0), Frame(1, 1), Frame(3, 0)]);
        stream.Complete(RunOutcome.Of(ThreadLedger.Empty, Run), end: null);

        Assert.Equal(["1-1", "3-0"], await ReadAll(stream, new FrameId(1, 0)));
        Assert.Equal(["3-0"], await ReadAll(stream, new FrameId(2, 7)));
        Assert.Empty(await ReadAll(stream, new FrameId(3, 0)));
    }

    [Fact]
    public async Task Every_reader_gets_every_frame()
    {
        var stream = new RunStream(maxFrames: 10_000);
        var readers = Enumerable.Range(0, 4).Select(_ => ReadAll(stream, FrameId.Origin)).ToList();

        for (var i = 0; i < 1_000; i++)
            stream.Append([Frame(i, 0)]);
        stream.Complete(RunOutcome.Of(ThreadLedger.Empty, Run), end: null);

        foreach (var seen in await Task.WhenAll(readers))
            Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}-0"), seen);
    }

    [Fact]
    public async Task Beyond_the_limit_the_oldest_tokens_are_dropped_and_nothing_that_is_recorded()
    {
        var stream = new RunStream(maxFrames: 8);
        stream.Append([Frame(1, 0)]);
        for (var i = 1; i <= 20; i++)
            stream.Append([Frame(1, i, isVolatile: true)]);
        stream.Append([Frame(2, 0)]);
        stream.Complete(RunOutcome.Of(ThreadLedger.Empty, Run), end: null);

        var seen = await ReadAll(stream, FrameId.Origin);

        Assert.Equal("1-0", seen[0]);
        Assert.Equal(["1-20", "2-0"], seen[^2..]);
        Assert.True(seen.Count <= 9, $"{seen.Count} frames");
    }

    [Theory]
    [InlineData("12-3", 12, 3)]
    [InlineData("12", 12, 0)]
    [InlineData("-1", -1, 0)]
    public void A_frame_id_is_read_in_the_forms_that_clients_send(string text, long sequenceNr, int index)
    {
        Assert.True(FrameId.TryParse(text, out var id));
        Assert.Equal(new FrameId(sequenceNr, index), id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1-x")]
    [InlineData("1--2")]
    public void Anything_else_is_no_frame_id(string text) => Assert.False(FrameId.TryParse(text, out _));

    [Fact]
    public void What_a_frame_says_is_written_once_for_all_readers_and_never_for_none()
    {
        var written = 0;
        var frame = new StreamFrame(new FrameId(1, 0), StreamModes.Values, "values", writer =>
            writer.WriteNumberValue(++written));
        Assert.Equal(0, written);

        Assert.Equal("1"u8, frame.Data.Span);
        Assert.Equal("1"u8, frame.Data.Span);
    }

    private static StreamFrame Frame(long sequenceNr, int index, bool isVolatile = false) =>
        new(new FrameId(sequenceNr, index), StreamModes.Values, "values", writer =>
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        })
        {
            IsVolatile = isVolatile,
        };

    private static async Task<List<string>> ReadAll(RunStream stream, FrameId after)
    {
        var seen = new List<string>();
        await foreach (var frame in stream.ReadAsync(after, CancellationToken.None))
            seen.Add(frame.Id.ToString());
        return seen;
    }
}
