using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ActorRuns.Streams;

namespace ActorRuns.AspNetCore.Streaming;

/// <summary>
/// Writes server-sent events as LangGraph's servers do: an event line, one line of data, an id, an empty line. Names
/// come from clients and agents, so line breaks in them are left out: they would begin a field of their own.
/// </summary>
/// <param name="output">The response's body.</param>
internal sealed class SseWriter(PipeWriter output)
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\0");

    /// <summary>How much was added since the last flush.</summary>
    public long UnsentBytes => output.CanGetUnflushedBytes ? output.UnflushedBytes : 0;

    /// <summary>The id of the last frame that was added; null before the first.</summary>
    public string? LastEvent { get; private set; }

    /// <summary>Adds a frame; it goes out with the next flush.</summary>
    public void Write(StreamFrame frame)
    {
        output.Write("event: "u8);
        WriteLine(frame.Event);
        output.Write("data: "u8);
        output.Write(frame.Data.Span);
        output.Write("\nid: "u8);
        WriteLine(LastEvent = frame.Id.ToString());
        output.Write("\n"u8);
    }

    /// <summary>Adds a comment, which clients ignore.</summary>
    public void WriteComment(string text)
    {
        output.Write(": "u8);
        WriteLine(text);
        output.Write("\n"u8);
    }

    /// <summary>Sends what was added.</summary>
    public ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    private void WriteLine(string text)
    {
        Encoding.UTF8.GetBytes(OnOneLine(text), output);
        output.Write("\n"u8);
    }

    private static string OnOneLine(string text) => text.AsSpan().ContainsAny(LineBreaks)
        ? string.Concat(text.Where(letter => !LineBreaks.Contains(letter)))
        : text;
}
