using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Journal;

/// <summary>The stored form of what a copied thread waits for.</summary>
internal static class PositionCopiedJson
{
    public static void Write(Utf8JsonWriter writer, PositionCopied fact)
    {
        writer.WriteString("step_from", fact.StepFrom.Value);
        ThreadEventJson.WriteInterrupts(writer, fact.Interrupts);
        ThreadEventJson.WriteMap(writer, "answers", fact.Answers);
        WriteStep(writer, fact.Finished, fact.Lost);
        SubgraphJson.Write(writer, fact.Subgraphs);
    }

    public static PositionCopied Read(FactReader reader) => new(
        new CheckpointId(reader.Uuid("step_from")),
        ThreadEventJson.ReadInterrupts(reader),
        reader.Map("answers"),
        ReadFinished(reader),
        ReadLost(reader))
    {
        Subgraphs = SubgraphJson.ReadAll(reader),
    };

    /// <summary>Writes how far the nodes that are next have come.</summary>
    public static void WriteStep(
        Utf8JsonWriter writer, IEnumerable<NodeWrites> finished, ImmutableSortedDictionary<string, int> lost)
    {
        WriteFinished(writer, "finished", finished);
        writer.WriteStartObject("lost");
        foreach (var (call, times) in lost)
            writer.WriteNumber(call, times);
        writer.WriteEndObject();
    }

    /// <summary>Writes what nodes wrote.</summary>
    public static void WriteFinished(Utf8JsonWriter writer, string name, IEnumerable<NodeWrites> finished)
    {
        writer.WriteStartArray(name);
        foreach (var (node, writes) in finished)
        {
            writer.WriteStartObject();
            writer.WriteString("node", node);
            ChannelWriteJson.Write(writer, "writes", writes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<NodeWrites> ReadFinished(FactReader reader, string name = "finished") =>
    [
        .. reader.Items(name).Select(item =>
            new NodeWrites(item.Text("node"), ChannelWriteJson.Read(item, "writes"))),
    ];

    public static ImmutableSortedDictionary<string, int> ReadLost(FactReader reader) =>
        reader.Map("lost").ToImmutableSortedDictionary(
            entry => entry.Key, entry => entry.Value.GetInt32(), StringComparer.Ordinal);
}
