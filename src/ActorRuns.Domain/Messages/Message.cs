using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>One message of a transcript, in LangChain's shape.</summary>
public sealed record Message
{
    /// <summary>Unique within its channel; a second message with the same id replaces the first.</summary>
    public required string Id { get; init; }

    /// <summary>The kind: a constant of <see cref="MessageType"/>, or any other name.</summary>
    public required string Type { get; init; }

    /// <summary>What it says.</summary>
    public MessageContent Content { get; init; } = MessageContent.Empty;

    /// <summary>The tools that an AI message asks for, in its order.</summary>
    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The call that a tool message answers; null for other kinds.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The tool's or the speaker's name; null when it has none.</summary>
    public string? Name { get; init; }

    /// <summary>How a tool call ended; null for other kinds.</summary>
    public ToolStatus? Status { get; init; }

    /// <summary>Every other field as it came: usage, response metadata, whatever a provider adds.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Extra { get; init; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The text of the content.</summary>
    public string Text => Content.Text;
}
