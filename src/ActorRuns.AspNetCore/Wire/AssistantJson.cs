using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Json;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes assistants, and the drawing of their graphs, as clients see them.</summary>
internal static class AssistantJson
{
    /// <summary>Writes an assistant as its current version has it.</summary>
    public static void Write(Utf8JsonWriter writer, Assistant assistant)
    {
        writer.WriteStartObject();
        WriteFields(writer, assistant.Id, assistant.Current, assistant.CreatedAt);
        WireTime.Write(writer, "updated_at", assistant.UpdatedAt);
        writer.WriteEndObject();
    }

    /// <summary>Writes one version of an assistant; its time is when the version was made.</summary>
    public static void WriteVersion(Utf8JsonWriter writer, AssistantId id, AssistantVersion version)
    {
        writer.WriteStartObject();
        WriteFields(writer, id, version, version.CreatedAt);
        writer.WriteEndObject();
    }

    private static void WriteFields(
        Utf8JsonWriter writer, AssistantId id, AssistantVersion version, DateTimeOffset createdAt)
    {
        writer.WriteString("assistant_id", id.Value);
        writer.WriteString("graph_id", version.GraphId.Value);
        writer.WriteString("name", version.Name);
        writer.WriteString("description", version.Description);
        writer.WriteNumber("version", version.Number);
        writer.WritePropertyName("config");
        version.Config.WriteTo(writer);
        writer.WritePropertyName("context");
        version.Context.WriteTo(writer);
        writer.WriteStartObject("metadata");
        StateJson.WriteProperties(writer, version.Metadata);
        writer.WriteEndObject();
        WireTime.Write(writer, "created_at", createdAt);
    }
}
