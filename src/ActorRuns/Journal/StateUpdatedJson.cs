using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>The stored form of a change of the state from outside of any run.</summary>
internal static class StateUpdatedJson
{
    public static void Write(Utf8JsonWriter writer, ThreadEvent.StateUpdated fact)
    {
        writer.WriteString("checkpoint_id", fact.Checkpoint.Value);
        writer.WriteNumber("step", fact.Step);
        writer.WriteString("source", JsonNames.Of(fact.Source));
        writer.WriteString("as_node", fact.AsNode);
        ChannelWriteJson.Write(writer, "writes", fact.Writes);
        ThreadEventJson.WriteTexts(writer, "next", fact.Next);
        ThreadEventJson.WriteInputs(writer, fact.Inputs);
        if (fact.From is { } from)
            CheckpointJson.Write(writer, "from", from);
        if (fact.Origin is { } origin)
            writer.WriteString("origin_run_id", origin.Value);
    }

    public static ThreadEvent.StateUpdated Read(FactReader reader) => new(
        new CheckpointId(reader.Uuid("checkpoint_id")),
        reader.Number("step"),
        reader.Name<CheckpointSource>("source"),
        reader.Text("as_node"),
        ChannelWriteJson.Read(reader, "writes"),
        reader.Texts("next"),
        CheckpointJson.ReadOrNull(reader, "from"),
        reader.TextOrNull("origin_run_id") is null ? null : new RunId(reader.Uuid("origin_run_id")))
    {
        Inputs = ThreadEventJson.ReadInputs(reader),
    };
}
