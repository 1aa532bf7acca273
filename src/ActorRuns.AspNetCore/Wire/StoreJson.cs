using System.Text.Json;
using ActorRuns.Store;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes the store's items as clients see them.</summary>
internal static class StoreJson
{
    /// <summary>Writes an item.</summary>
    public static void Write(Utf8JsonWriter writer, StoreItem item)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("namespace");
        WriteLabels(writer, item.Namespace);
        writer.WriteString("key", item.Key);
        writer.WritePropertyName("value");
        item.Value.WriteTo(writer);
        WireTime.Write(writer, "created_at", item.CreatedAt);
        WireTime.Write(writer, "updated_at", item.UpdatedAt);
        writer.WriteEndObject();
    }

    /// <summary>Writes what a search has found.</summary>
    public static void WriteItems(Utf8JsonWriter writer, IEnumerable<StoreItem> items)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var item in items)
            Write(writer, item);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a list of namespaces.</summary>
    public static void WriteNamespaces(Utf8JsonWriter writer, IEnumerable<ItemNamespace> spaces)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("namespaces");
        foreach (var space in spaces)
            WriteLabels(writer, space);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter writer, ItemNamespace space)
    {
        writer.WriteStartArray();
        foreach (var label in space.Labels)
            writer.WriteStringValue(label);
        writer.WriteEndArray();
    }
}
