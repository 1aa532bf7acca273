using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>Turns an input into writes to the channels of a graph.</summary>
public static class InputReader
{
    /// <summary>Reads an input.</summary>
    /// <param name="shape">The graph that takes it.</param>
    /// <param name="field">What the input is called in a refusal, for instance <c>input</c>.</param>
    /// <param name="input">The input: a JSON object, its keys the channels.</param>
    /// <param name="newMessageId">Makes the ids of messages that have none.</param>
    /// <returns>The writes, or the refusal that names the field and what was expected.</returns>
    public static (ImmutableArray<ChannelWrite> Writes, Refusal? Refusal) Read(
        GraphShape shape, string field, JsonElement input, Func<string> newMessageId)
    {
        if (input.ValueKind is not JsonValueKind.Object)
            return ([], new Refusal.InvalidInput(field, "an object whose keys are the graph's channels"));

        var writes = ImmutableArray.CreateBuilder<ChannelWrite>();
        foreach (var property in input.EnumerateObject())
        {
            if (shape.KindOf(property.Name) is not ChannelKind.Messages)
                writes.Add(new ChannelWrite.SetValue(property.Name, property.Value));
            else if (MessageFault(property, newMessageId, writes) is { } expected)
                return ([], new Refusal.InvalidInput($"{field}.{property.Name}", expected));
        }

        return (writes.ToImmutable(), null);
    }

    private static string? MessageFault(
        JsonProperty channel, Func<string> newMessageId, ImmutableArray<ChannelWrite>.Builder writes)
    {
        IEnumerable<JsonElement> elements = channel.Value.ValueKind is JsonValueKind.Array
            ? channel.Value.EnumerateArray()
            : [channel.Value];
        foreach (var element in elements)
        {
            if (!MessageReader.TryRead(element, newMessageId, out var message, out var expected))
                return expected;
            writes.Add(message.Type is MessageType.Remove
                ? new ChannelWrite.RemoveMessage(channel.Name, message.Id)
                : new ChannelWrite.AppendMessage(channel.Name, message));
        }

        return null;
    }
}
