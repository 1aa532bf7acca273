using System.Collections.Immutable;

namespace ActorRuns.Messages;

/// <summary>
/// The messages of one channel, in order. Appending costs the same however many there are; replacing, removing and
/// placing a tool's result look for their place from the end.
/// </summary>
public sealed class Transcript
{
    private ImmutableHashSet<string>? _known;

    private Transcript(ImmutableList<Message> messages, ImmutableHashSet<string>? ids)
    {
        Messages = messages;
        _known = ids;
    }

    // Of one that was read at once, when somebody first asks; who asks at the same time comes to the same.
    private ImmutableHashSet<string> Ids =>
        _known ??= Messages.Select(message => message.Id).ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>No messages.</summary>
    public static Transcript Empty { get; } = new([], ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    /// <summary>A transcript of these messages, oldest first, each with an id of its own.</summary>
    public static Transcript Of(IEnumerable<Message> messages) => new([.. messages], ids: null);

    /// <summary>The messages, oldest first.</summary>
    public ImmutableList<Message> Messages { get; }

    /// <summary>The messages, newest first; the order in which taking all of them away costs least.</summary>
    public IEnumerable<Message> NewestFirst => Messages.Reverse();

    /// <summary>True when a message has this id.</summary>
    public bool Contains(string id) => Ids.Contains(id);

    /// <summary>The message with this id, or null.</summary>
    public Message? Find(string id) => Contains(id) ? Messages[IndexOf(id)] : null;

    /// <summary>Appends the message, or puts it in the place of the one with its id.</summary>
    public Transcript Append(Message message) => Contains(message.Id)
        ? new(Messages.SetItem(IndexOf(message.Id), message), Ids)
        : new(Messages.Add(message), Ids.Add(message.Id));

    /// <summary>
    /// Puts the result of a tool call behind the message that asked for it, in the order of that message's calls,
    /// whichever finished first. Appends it when nothing asked for it.
    /// </summary>
    public Transcript AppendResult(Message result)
    {
        if (Contains(result.Id))
            return Append(result);

        var asking = Messages.FindLastIndex(m => m.ToolCalls.Any(call => call.Id == result.ToolCallId));
        if (asking < 0)
            return Append(result);

        var order = Messages[asking].ToolCalls.Select(call => call.Id).ToList();
        var own = order.IndexOf(result.ToolCallId!); // The asking message has the call, so the id is not null.
        var at = asking + 1;
        while (at < Messages.Count
            && Messages[at].ToolCallId is { } other
            && order.IndexOf(other) is var place && place >= 0 && place < own)
        {
            at++;
        }

        return new(Messages.Insert(at, result), Ids.Add(result.Id));
    }

    /// <summary>The tool call with this id, unless nothing asks for it or a message behind answers it.</summary>
    public ToolCall? FindOpenCall(string callId)
    {
        var last = Messages.FindLastIndex(m => m.ToolCallId == callId || m.ToolCalls.Any(call => call.Id == callId));
        return last < 0 || Messages[last].ToolCallId == callId
            ? null
            : Messages[last].ToolCalls.First(call => call.Id == callId);
    }

    /// <summary>Takes the message with this id away; without one nothing changes.</summary>
    public Transcript Remove(string id) => Contains(id)
        ? new(Messages.RemoveAt(IndexOf(id)), Ids.Remove(id))
        : this;

    private int IndexOf(string id) => Messages.FindLastIndex(message => message.Id == id);
}
