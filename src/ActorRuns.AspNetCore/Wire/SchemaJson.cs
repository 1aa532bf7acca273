using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes what a graph takes and keeps, as JSON schemas.</summary>
internal static class SchemaJson
{
    private static readonly JsonElement Anything = JsonElement.Parse("{}");

    private static readonly JsonElement Message = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "id": { "type": "string" },
            "type": { "type": "string", "description": "human, ai, tool or system; role is taken as well" },
            "content": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "object" } }] },
            "name": { "type": "string" },
            "tool_calls": { "type": "array", "items": { "type": "object" } },
            "tool_call_id": { "type": "string" },
            "additional_kwargs": { "type": "object" },
            "response_metadata": { "type": "object" }
          }
        }
        """);

    /// <summary>The graphs within a graph, and those within them: each with its names from the outside in.</summary>
    public static IEnumerable<(string Name, AgentGraph Graph)> SubgraphsOf(AgentGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Subgraph is not { } subgraph)
                continue;

            yield return (node.Name, subgraph);
            foreach (var (name, inner) in SubgraphsOf(subgraph))
                yield return ($"{node.Name}|{name}", inner);
        }
    }

    /// <summary>Writes the schemas of a graph.</summary>
    public static void Write(Utf8JsonWriter writer, AgentGraph graph)
    {
        writer.WriteStartObject();
        writer.WriteString("graph_id", graph.Id.Value);
        foreach (var name in (ReadOnlySpan<string>)["input_schema", "output_schema", "state_schema"])
            WriteSchema(writer, name, w => WriteChannels(w, graph));

        // Nodes read of these what they like; none are declared.
        foreach (var name in (ReadOnlySpan<string>)["config_schema", "context_schema"])
            WriteSchema(writer, name, _ => { });
        writer.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> properties)
    {
        writer.WriteStartObject(name);
        writer.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        properties(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChannels(Utf8JsonWriter writer, AgentGraph graph)
    {
        foreach (var (channel, kind) in graph.Shape.Channels)
        {
            var schema = kind is ChannelKind.Messages ? Message : graph.Schemas.GetValueOrDefault(channel, Anything);
            writer.WritePropertyName(channel);
            if (kind is not (ChannelKind.Messages or ChannelKind.List))
            {
                schema.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("type", "array");
            writer.WritePropertyName("items");
            schema.WriteTo(writer);
            writer.WriteEndObject();
        }
    }
}
