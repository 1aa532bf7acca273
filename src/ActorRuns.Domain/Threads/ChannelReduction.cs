using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.Threads;

/// <summary>Turns what nodes and inputs write into what the channels of their graph make of it.</summary>
public static class ChannelReduction
{
    /// <summary>What a write comes to, given the values before it.</summary>
    /// <exception cref="InvalidUpdateException">The function of the channel throws.</exception>
    public static ChannelWrite Reduce(this GraphShape shape, ChannelValues before, ChannelWrite write) => write switch
    {
        ChannelWrite.SetValue(var channel, var value) => shape.KindOf(channel) switch
        {
            ChannelKind.List => new ChannelWrite.AppendItems(channel, ItemsOf(value)),
            ChannelKind.Reduced => Reduced(shape, before, channel, value),
            _ => write,
        },

        // An inner graph has reduced it from values that may be others by now.
        ChannelWrite.ReduceValue(var channel, var update, _) when shape.KindOf(channel) is ChannelKind.Reduced =>
            Reduced(shape, before, channel, update),
        _ => write,
    };

    /// <summary>What all writes of a step come to, in the order of its tasks.</summary>
    /// <exception cref="InvalidUpdateException">
    /// Two tasks write to a declared channel that takes one value, or the function of a channel throws.
    /// </exception>
    public static ImmutableArray<NodeWrites> ReduceStep(
        this GraphShape shape, ChannelValues before, IReadOnlyList<NodeWrites> ran)
    {
        CheckOneWriter(shape, ran);
        var step = ImmutableArray.CreateBuilder<NodeWrites>(ran.Count);
        foreach (var (node, writes) in ran)
        {
            var reduced = ImmutableArray.CreateBuilder<ChannelWrite>(writes.Length);
            foreach (var write in writes)
            {
                reduced.Add(shape.Reduce(before, write));
                before = before.With(reduced[^1]);
            }

            step.Add(new NodeWrites(node, reduced.MoveToImmutable()));
        }

        return step.MoveToImmutable();
    }

    /// <summary>The values that channels begin with, for those that have none.</summary>
    public static IEnumerable<ChannelWrite> DefaultsFor(this GraphShape shape, ChannelValues values) => shape.Defaults
        .Where(channel => !values.Has(channel.Key))
        .Select(channel => new ChannelWrite.SetValue(channel.Key, channel.Value));

    private static ChannelWrite.ReduceValue Reduced(
        GraphShape shape, ChannelValues before, string channel, JsonElement update)
    {
        try
        {
            var value = shape.Reducers[channel](before.Values.GetValueOrDefault(channel), update);
            return new ChannelWrite.ReduceValue(channel, update, value);
        }
#pragma warning disable CA1031 // It is a user's code: whatever it throws says that the update is not for the channel.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            throw new InvalidUpdateException($"Channel '{channel}' cannot take {update}: {thrown.Message}", thrown);
        }
    }

    private static ImmutableArray<JsonElement> ItemsOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];

    private static void CheckOneWriter(GraphShape shape, IReadOnlyList<NodeWrites> ran)
    {
        if (ran.Count < 2)
            return;

        var writers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, writes) in ran)
        {
            foreach (var write in writes.OfType<ChannelWrite.SetValue>())
            {
                if (shape.Channels.GetValueOrDefault(write.Channel, ChannelKind.List) is ChannelKind.LastValue
                    && !writers.TryAdd(write.Channel, node)
                    && writers[write.Channel] != node)
                {
                    throw new InvalidUpdateException(
                        $"Channel '{write.Channel}' takes one value in a step, and both {writers[write.Channel]} and "
                            + $"{node} write to it; declare it as a list, or with a function that makes one of both.");
                }
            }
        }
    }
}
