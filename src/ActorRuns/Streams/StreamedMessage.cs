using System.Text;
using ActorRuns.Graphs;

namespace ActorRuns.Streams;

/// <summary>A message that is being streamed, as far as it has come.</summary>
internal sealed class StreamedMessage
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>What the model thought so far.</summary>
    public string Reasoning => _reasoning.ToString();

    /// <summary>True when the model has thought.</summary>
    public bool HasReasoning => _reasoning.Length > 0;

    /// <summary>Adds a piece.</summary>
    public void Add(MessageChunk chunk)
    {
        _text.Append(chunk.Text);
        _reasoning.Append(chunk.Reasoning);
    }
}
