using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>The values of a thread's channels at one instant; unchanged parts are shared with what was before.</summary>
/// <param name="Transcripts">The channels of messages.</param>
/// <param name="Values">The channels that keep their last value.</param>
/// <param name="OpenCalls">The tool calls in the transcripts that have no result, in the order they were asked for.</param>
public sealed record ChannelValues(
    ImmutableSortedDictionary<string, Transcript> Transcripts,
    ImmutableSortedDictionary<string, JsonElement> Values,
    ImmutableList<OpenToolCall> OpenCalls)
{
    /// <summary>No channel has a value.</summary>
    public static ChannelValues Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, Transcript>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal),
        []);

    /// <summary>The channels that are lists, once something was appended.</summary>
    public ImmutableSortedDictionary<string, ImmutableList<JsonElement>> Lists { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableList<JsonElement>>(StringComparer.Ordinal);

    /// <summary>True when something was written to a channel.</summary>
    public bool Has(string channel) =>
        Values.ContainsKey(channel) || Lists.ContainsKey(channel) || Transcripts.ContainsKey(channel);

    /// <summary>The elements of a channel that is a list; empty when nothing was written to it.</summary>
    public ImmutableList<JsonElement> ListOf(string channel) =>
        Lists.TryGetValue(channel, out var list) ? list
        : Values.GetValueOrDefault(channel) is { ValueKind: JsonValueKind.Array } whole ? [.. whole.EnumerateArray()]
        : [];

    /// <summary>These channels alone.</summary>
    public ChannelValues Only(IReadOnlyCollection<string> channels) => this with
    {
        Transcripts = Transcripts.RemoveRange(Transcripts.Keys.Except(channels, StringComparer.Ordinal)),
        Values = Values.RemoveRange(Values.Keys.Except(channels, StringComparer.Ordinal)),
        Lists = Lists.RemoveRange(Lists.Keys.Except(channels, StringComparer.Ordinal)),
        OpenCalls = OpenCalls.RemoveAll(call => !channels.Contains(call.Channel)),
    };

    /// <summary>The messages of a channel; empty when nothing was written to it.</summary>
    public Transcript MessagesOf(string channel) => Transcripts.GetValueOrDefault(channel, Transcript.Empty);

    /// <summary>True when the message is the result of a tool call of this channel that has none yet.</summary>
    public bool IsAwaited(string channel, Message message) =>
        message.ToolCallId is { } callId && OpenCalls.Exists(call => call.Is(channel, callId));

    /// <summary>These values with something written to them.</summary>
    public ChannelValues With(ChannelWrite write) => write switch
    {
        ChannelWrite.AppendMessage(var channel, var message) => IsAwaited(channel, message)
            ? WithResult(channel, message)
            : WithMessage(channel, message),
        ChannelWrite.RemoveMessage(var channel, ChannelWrite.RemoveMessage.All) => MessagesOf(channel).NewestFirst
            .Aggregate(this, (values, message) => values.WithoutMessage(channel, message.Id)),
        ChannelWrite.RemoveMessage(var channel, var messageId) => WithoutMessage(channel, messageId),
        ChannelWrite.SetValue(var channel, var value) => WithValue(channel, value),
        ChannelWrite.AppendItems(var channel, var items) => WithItems(channel, items),
        ChannelWrite.ReduceValue(var channel, _, var value) => WithValue(channel, value),
        _ => throw new UnreachableException($"No rule writes {write.GetType().Name}."),
    };

    /// <summary>These values with another value in one channel; messages another graph kept there are gone.</summary>
    public ChannelValues WithValue(string channel, JsonElement value) => this with
    {
        Transcripts = Transcripts.Remove(channel),
        Values = Values.SetItem(channel, value),
        Lists = Lists.Remove(channel),
        OpenCalls = OpenCalls.RemoveAll(call => call.Channel == channel),
    };

    /// <summary>These values with elements appended to the list of a channel; what was no list there is gone.</summary>
    public ChannelValues WithItems(string channel, ImmutableArray<JsonElement> items) => this with
    {
        Transcripts = Transcripts.Remove(channel),
        Values = Values.Remove(channel),
        Lists = Lists.SetItem(channel, ListOf(channel).AddRange(items)),
        OpenCalls = OpenCalls.RemoveAll(call => call.Channel == channel),
    };

    /// <summary>These values with a message appended, or put in the place of the one with its id.</summary>
    public ChannelValues WithMessage(string channel, Message message)
    {
        var transcript = MessagesOf(channel);
        return Rewritten(channel, transcript.Append(message), transcript.Find(message.Id), message);
    }

    /// <summary>These values with a whole transcript in a channel that is empty, read at once.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="messages">The messages, oldest first, each with an id of its own.</param>
    public ChannelValues WithMessages(string channel, IEnumerable<Message> messages)
    {
        var transcript = Transcript.Of(messages);
        var open = OpenCalls.ToBuilder();
        foreach (var message in transcript.Messages)
        {
            if (message.ToolCallId is { } answered)
                open.RemoveAll(call => call.Is(channel, answered));
            foreach (var call in message.ToolCalls.Where(call => !open.Exists(known => known.Is(channel, call.Id))))
                open.Add(new OpenToolCall(channel, call.Id, call.Name, Started: false));
        }

        return this with { Transcripts = Transcripts.SetItem(channel, transcript), OpenCalls = open.ToImmutable() };
    }

    /// <summary>These values with the result of a tool call behind the message that asked for it.</summary>
    public ChannelValues WithResult(string channel, Message result)
    {
        var transcript = MessagesOf(channel);
        return Rewritten(channel, transcript.AppendResult(result), transcript.Find(result.Id), result);
    }

    /// <summary>
    /// These values without a message. The calls it asked for are gone with it; the call it answered is open again.
    /// </summary>
    public ChannelValues WithoutMessage(string channel, string messageId)
    {
        var transcript = MessagesOf(channel);
        return transcript.Find(messageId) is { } removed
            ? Rewritten(channel, transcript.Remove(messageId), removed, written: null)
            : this;
    }

    /// <summary>These values with a call marked as running; one that is not open is left alone.</summary>
    public ChannelValues WithStarted(string callId)
    {
        var at = OpenCalls.FindIndex(call => call.Id == callId);
        return at < 0 ? this : this with { OpenCalls = OpenCalls.SetItem(at, OpenCalls[at] with { Started = true }) };
    }

    private ChannelValues Rewritten(string channel, Transcript transcript, Message? gone, Message? written)
    {
        var open = OpenCalls.RemoveAll(call => call.Channel == channel
            && (call.Id == written?.ToolCallId || (Asks(gone, call.Id) && !Asks(written, call.Id))));

        // A message that is replaced may have asked for calls that were answered since, or be such an answer itself.
        IEnumerable<string?> maybeOpen = [gone?.ToolCallId, .. written?.ToolCalls.Select(call => call.Id) ?? []];
        foreach (var id in maybeOpen.OfType<string>().Where(id => !open.Exists(call => call.Is(channel, id))))
        {
            if (transcript.FindOpenCall(id) is { } call)
                open = open.Add(new OpenToolCall(channel, id, call.Name, Started: id == gone?.ToolCallId));
        }

        return this with
        {
            Transcripts = Transcripts.SetItem(channel, transcript),
            Values = Values.Remove(channel),
            Lists = Lists.Remove(channel),
            OpenCalls = open,
        };
    }

    private static bool Asks(Message? message, string callId) =>
        message is not null && message.ToolCalls.Any(call => call.Id == callId);
}
