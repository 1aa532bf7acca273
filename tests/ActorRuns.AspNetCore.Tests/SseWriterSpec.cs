using System.IO.Pipelines;
using System.Text;
using ActorRuns.AspNetCore.Streaming;
using ActorRuns.Runs;
using ActorRuns.Streams;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Events to the byte, whatever names agents give them.</summary>
public sealed class SseWriterSpec
{
    [Fact]
    public async Task A_frame_is_its_event_its_data_and_its_id_and_an_empty_line()
    {
        var written = await WrittenAsync(writer => writer.Write(Frame("values", """{"text":"a\nb"}""")));

        Assert.Equal("event: values\ndata: {\"text\":\"a\\nb\"}\nid: 12-3\n\n", written);
    }

    [Theory]
    [InlineData("custom\ndata: forged", "customdata: forged")]
    [InlineData("custom\r\n\r\nevent: end", "customevent: end")]
    [InlineData("cus\0tom", "custom")]
    public async Task A_name_cannot_begin_a_line_of_its_own(string name, string shown)
    {
        var written = await WrittenAsync(writer => writer.Write(Frame(name, "1")));

        Assert.Equal($"event: {shown}\ndata: 1\nid: 12-3\n\n", written);
    }

    [Fact]
    public async Task Neither_can_a_comment()
    {
        var written = await WrittenAsync(writer => writer.WriteComment("interrupted\nevent: end"));

        Assert.Equal(": interruptedevent: end\n\n", written);
    }

    [Fact]
    public async Task What_was_added_is_unsent_until_it_is_flushed()
    {
        var pipe = new Pipe();
        var writer = new SseWriter(pipe.Writer);

        writer.WriteComment("hi");
        Assert.Equal(": hi\n\n".Length, writer.UnsentBytes);

        await writer.FlushAsync(CancellationToken.None);
        Assert.Equal(0, writer.UnsentBytes);
    }

    private static StreamFrame Frame(string name, string data) =>
        new(new FrameId(12, 3), StreamModes.Values, name, writer => writer.WriteRawValue(data));

    private static async Task<string> WrittenAsync(Action<SseWriter> write)
    {
        using var output = new MemoryStream();
        var writer = new SseWriter(PipeWriter.Create(output));
        write(writer);
        await writer.FlushAsync(CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
