using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Journal;

/// <summary>The stored form of what graphs do that are nodes of others.</summary>
internal static class SubgraphJson
{
    private const string Field = "subgraphs";

    public static void Write(Utf8JsonWriter writer, SubgraphStepped fact)
    {
        writer.WriteString("namespace", fact.Namespace);
        writer.WriteString("checkpoint_id", fact.Checkpoint.Value);
        PositionCopiedJson.WriteFinished(writer, "ran", fact.Ran);
        ThreadEventJson.WriteTexts(writer, "next", fact.Next);
        ThreadEventJson.WriteInputs(writer, fact.Inputs);
    }

    public static SubgraphStepped ReadStepped(FactReader reader) => new(
        reader.Run(),
        reader.Text("namespace"),
        new CheckpointId(reader.Uuid("checkpoint_id")),
        PositionCopiedJson.ReadFinished(reader, "ran"),
        reader.Texts("next"))
    {
        Inputs = ThreadEventJson.ReadInputs(reader),
    };

    public static void Write(Utf8JsonWriter writer, SubgraphWrote fact)
    {
        writer.WriteString("namespace", fact.Namespace);
        writer.WriteString("node", fact.Ran.Node);
        ChannelWriteJson.Write(writer, "writes", fact.Ran.Writes);
        if (fact.IsDone)
            writer.WriteBoolean("done", true);
    }

    public static SubgraphWrote ReadWrote(FactReader reader) => new(
        reader.Run(),
        reader.Text("namespace"),
        new NodeWrites(reader.Text("node"), ChannelWriteJson.Read(reader, "writes")),
        reader.Flag("done"));

    /// <summary>Writes the positions of inner graphs; without any, nothing.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, SubgraphPosition> subgraphs)
    {
        if (subgraphs.IsEmpty)
            return;

        writer.WriteStartArray(Field);
        foreach (var (name, inner) in subgraphs)
        {
            writer.WriteStartObject();
            writer.WriteString("namespace", name);
            writer.WriteString("checkpoint_id", inner.Checkpoint.Value);
            if (inner.Parent is { } parent)
                writer.WriteString("parent", parent.Value);
            writer.WriteNumber("step", inner.Step);
            writer.WriteString("at", inner.At);
            ThreadEventJson.WriteTexts(writer, "ran", inner.Ran);
            ThreadEventJson.WriteTexts(writer, "next", inner.Next);
            ThreadEventJson.WriteInputs(writer, inner.Inputs);
            ChannelWriteJson.Write(writer, "writes", inner.Writes);
            PositionCopiedJson.WriteFinished(writer, "finished", inner.Finished);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The positions of inner graphs, by their namespaces.</summary>
    public static ImmutableSortedDictionary<string, SubgraphPosition> ReadAll(FactReader reader) =>
        reader.ValueOrUndefined(Field).ValueKind is JsonValueKind.Array
            ? reader.Items(Field)
                .ToImmutableSortedDictionary(item => item.Text("namespace"), Read, StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, SubgraphPosition>(StringComparer.Ordinal);

    private static SubgraphPosition Read(FactReader reader) => new(
        new CheckpointId(reader.Uuid("checkpoint_id")),
        reader.Number("step"),
        reader.Time("at"),
        reader.Texts("ran"),
        reader.Texts("next"))
    {
        Inputs = ThreadEventJson.ReadInputs(reader),
        Parent = reader.TextOrNull("parent") is null ? null : new CheckpointId(reader.Uuid("parent")),
        Writes = [.. ChannelWriteJson.Read(reader, "writes")],
        Finished = [.. PositionCopiedJson.ReadFinished(reader)],
    };
}
