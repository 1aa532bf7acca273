using System.Text.Json;
using ActorRuns.Runs;

namespace ActorRuns.Streams;

/// <summary>Writes LangChain's callback events, as the stream mode <c>events</c> tells them.</summary>
internal static class CallbackJson
{
    /// <summary>The name of the outermost chain, as every LangGraph server calls it.</summary>
    public const string Graph = "LangGraph";

    /// <summary>What is told of the whole run.</summary>
    public static void WriteGraph(Utf8JsonWriter writer, string name, RunRequest run, Action<Utf8JsonWriter> data) =>
        Write(writer, name, Graph, run.RunId.Value.ToString("D"), context: null, data);

    /// <summary>What is told of a node, or of the model that it calls.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">The event.</param>
    /// <param name="what">What it happened to, for instance the node.</param>
    /// <param name="id">Names the one execution of it.</param>
    /// <param name="context">The node at work.</param>
    /// <param name="data">Writes the event's data, an object.</param>
    public static void Write(
        Utf8JsonWriter writer, string name, string what, string id, RunContext? context, Action<Utf8JsonWriter> data)
    {
        writer.WriteStartObject();
        writer.WriteString("event", name);
        writer.WriteString("name", what);
        writer.WriteString("run_id", id);
        writer.WriteStartArray("tags");
        writer.WriteEndArray();
        writer.WritePropertyName("metadata");
        if (context is null)
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
        {
            FrameJson.WriteContext(writer, context);
        }

        writer.WritePropertyName("data");
        data(writer);
        writer.WriteEndObject();
    }

    /// <summary>An object with one property.</summary>
    public static Action<Utf8JsonWriter> Of(string property, Action<Utf8JsonWriter> value) => writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName(property);
        value(writer);
        writer.WriteEndObject();
    };
}
