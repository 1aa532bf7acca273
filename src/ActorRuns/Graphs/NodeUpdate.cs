using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>What a node writes to the state, in order.</summary>
/// <param name="Writes">The writes.</param>
public sealed record NodeUpdate(ImmutableArray<ChannelWrite> Writes)
{
    /// <summary>Nothing is written.</summary>
    public static NodeUpdate None { get; } = new([]);

    /// <summary>Messages for the channel <c>messages</c>.</summary>
    public static NodeUpdate Of(params IEnumerable<Message> messages) =>
        new([.. messages.Select(message => new ChannelWrite.AppendMessage(Channels.Messages, message))]);

    /// <summary>This update and a value for a channel.</summary>
    public NodeUpdate With(string channel, JsonElement value) =>
        new(Writes.Add(new ChannelWrite.SetValue(channel, value)));
}

/// <summary>The channel that conversations are kept in.</summary>
public static class Channels
{
    /// <summary>The usual channel of messages.</summary>
    public const string Messages = "messages";
}
