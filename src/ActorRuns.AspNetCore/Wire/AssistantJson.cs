using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Json;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes assistants, and the drawing of their graphs, as clients see them.</summary>
internal static class AssistantJson
{
    /// <summary>Writes an assistant.</summary>
    public static void Write(Utf8JsonWriter writer, Assistant assistant)
    {
        writer.WriteStartObject();
        writer.WriteString("assistant_id", assistant.Id.Value);
        writer.WriteString("graph_id", assistant.GraphId.Value);
        writer.WriteString("name", assistant.Name);
        writer.WriteNull("description");
        writer.WriteNumber("version", 1);
        writer.WriteEmptyObject("config");
        writer.WriteEmptyObject("context");
        writer.WriteStartObject("metadata");
        StateJson.WriteProperties(writer, assistant.Metadata);
        writer.WriteEndObject();
        WireTime.Write(writer, "created_at", assistant.CreatedAt);
        WireTime.Write(writer, "updated_at", assistant.CreatedAt);
        writer.WriteEndObject();
    }

    /// <summary>Writes the nodes and ways of a graph.</summary>
    public static void WriteDrawing(Utf8JsonWriter writer, AgentGraph graph)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("nodes");
        WriteNode(writer, GraphNodes.Start, "schema");
        foreach (var node in graph.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal))
            WriteNode(writer, node, "runnable");
        WriteNode(writer, GraphNodes.End, "schema");
        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var edge in graph.Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("source", edge.Source);
            writer.WriteString("target", edge.Target);
            writer.WriteBoolean("conditional", edge.IsConditional);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter writer, string name, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("id", name);
        writer.WriteString("type", type);
        writer.WriteStartObject("data");
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEmptyObject(this Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject(name);
        writer.WriteEndObject();
    }
}
