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

    /// <summary>The messages of a channel; empty when nothing was written to it.</summary>
    public Transcript MessagesOf(string channel) => Transcripts.GetValueOrDefault(channel, Transcript.Empty);

    /// <summary>True when the message is the result of a tool call that has none yet.</summary>
    public bool IsAwaited(Message message) =>
        message.ToolCallId is { } callId && OpenCalls.Exists(call => call.Id == callId);

    /// <summary>These values with something written to them.</summary>
    public ChannelValues With(ChannelWrite write) => write switch
    {
        ChannelWrite.AppendMessage(var channel, var message) when IsAwaited(message) => WithResult(channel, message),
        ChannelWrite.AppendMessage(var channel, var message) => WithMessage(channel, message),
        ChannelWrite.RemoveMessage(var channel, ChannelWrite.RemoveMessage.All) => MessagesOf(channel).Messages
            .Aggregate(this, (values, message) => values.WithoutMessage(channel, message.Id)),
        ChannelWrite.RemoveMessage(var channel, var messageId) => WithoutMessage(channel, messageId),
        ChannelWrite.SetValue(var channel, var value) => WithValue(channel, value),
        _ => throw new UnreachableException($"No rule writes {write.GetType().Name}."),
    };

    /// <summary>These values with another value in one channel.</summary>
    public ChannelValues WithValue(string channel, JsonElement value) =>
        this with { Values = Values.SetItem(channel, value) };

    /// <summary>These values with a message appended, or put in the place of the one with its id.</summary>
    public ChannelValues WithMessage(string channel, Message message)
    {
        var transcript = MessagesOf(channel);
        var kept = transcript.Find(message.Id) is { } replaced ? OpenWithout(replaced) : OpenCalls;
        return this with
        {
            Transcripts = Transcripts.SetItem(channel, transcript.Append(message)),
            OpenCalls = kept
                .RemoveAll(call => call.Id == message.ToolCallId)
                .AddRange(message.ToolCalls.Select(call => new OpenToolCall(channel, call.Id, call.Name, Started: false))),
        };
    }

    /// <summary>These values with the result of a tool call behind the message that asked for it.</summary>
    public ChannelValues WithResult(string channel, Message result) => this with
    {
        Transcripts = Transcripts.SetItem(channel, MessagesOf(channel).AppendResult(result)),
        OpenCalls = OpenCalls.RemoveAll(call => call.Id == result.ToolCallId),
    };

    /// <summary>These values without a message; the calls it asked for are gone with it.</summary>
    public ChannelValues WithoutMessage(string channel, string messageId)
    {
        var transcript = MessagesOf(channel);
        return transcript.Find(messageId) is not { } removed
            ? this
            : this with
            {
                Transcripts = Transcripts.SetItem(channel, transcript.Remove(messageId)),
                OpenCalls = OpenWithout(removed),
            };
    }

    /// <summary>These values with a call marked as running; one that is not open is left alone.</summary>
    public ChannelValues WithStarted(string callId)
    {
        var at = OpenCalls.FindIndex(call => call.Id == callId);
        return at < 0 ? this : this with { OpenCalls = OpenCalls.SetItem(at, OpenCalls[at] with { Started = true }) };
    }

    private ImmutableList<OpenToolCall> OpenWithout(Message message) => message.ToolCalls.IsEmpty
        ? OpenCalls
        : OpenCalls.RemoveAll(open => message.ToolCalls.Any(call => call.Id == open.Id));
}
