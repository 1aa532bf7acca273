using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>What a message says: plain text, or a list of content blocks kept as they came.</summary>
public sealed class MessageContent
{
    private readonly string? _plain;

    private MessageContent(string? plain, JsonElement blocks)
    {
        _plain = plain;
        Blocks = blocks;
    }

    /// <summary>No text at all.</summary>
    public static MessageContent Empty { get; } = new(string.Empty, default);

    /// <summary>True when the content is a list of blocks rather than plain text.</summary>
    public bool HasBlocks => _plain is null;

    /// <summary>The blocks, a JSON array; undefined for plain text.</summary>
    public JsonElement Blocks { get; }

    /// <summary>The plain text, or the <c>text</c> of all blocks joined.</summary>
    public string Text => _plain ?? string.Concat(Blocks.EnumerateArray().Select(TextOf));

    /// <summary>Content that is plain text.</summary>
    public static MessageContent Of(string text) => new(text, default);

    /// <summary>Content that is a list of blocks.</summary>
    /// <exception cref="ArgumentException"><paramref name="blocks"/> is no JSON array.</exception>
    public static MessageContent Of(JsonElement blocks) => blocks.ValueKind is JsonValueKind.Array
        ? new(null, blocks)
        : throw new ArgumentException($"Content blocks are a JSON array, not {blocks.ValueKind}.", nameof(blocks));

    private static string TextOf(JsonElement block) => block.ValueKind switch
    {
        JsonValueKind.String => block.GetString()!, // A JSON string is never null.
        JsonValueKind.Object when block.TryGetProperty("text", out var text)
            && text.ValueKind is JsonValueKind.String => text.GetString()!, // As above.
        _ => string.Empty,
    };
}
