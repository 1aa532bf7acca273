using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>Something that an input or a node writes to a channel; the channel's kind says what becomes of it.</summary>
public abstract record ChannelWrite
{
    private ChannelWrite(string channel) => Channel = channel;

    /// <summary>The channel.</summary>
    public string Channel { get; }

    /// <summary>Appends a message, or puts it in the place of the one with its id.</summary>
    public sealed record AppendMessage(string Channel, Message Message) : ChannelWrite(Channel);

    /// <summary>Takes a message away, or all of them.</summary>
    public sealed record RemoveMessage(string Channel, string MessageId) : ChannelWrite(Channel)
    {
        /// <summary>The id that stands for every message of the channel.</summary>
        public const string All = "__remove_all__";
    }

    /// <summary>Sets the value of a channel.</summary>
    public sealed record SetValue(string Channel, JsonElement Value) : ChannelWrite(Channel);

    /// <summary>Appends to the list of a channel.</summary>
    public sealed record AppendItems(string Channel, ImmutableArray<JsonElement> Items) : ChannelWrite(Channel);

    /// <summary>Sets the value that a channel's function has made of an update.</summary>
    public sealed record ReduceValue(string Channel, JsonElement Update, JsonElement Value) : ChannelWrite(Channel);
}
