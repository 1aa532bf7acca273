using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Descriptions;

/// <summary>
/// Writes the API as an OpenAPI document (3.1), from the routes that are mapped: one that is not there is not in it.
/// The endpoints read and write JSON without types of their own, so what goes over the wire is said by schemas.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly JsonElement Schemas = JsonElement.Parse(Resource("schemas.json"));

    /// <summary>A file that is part of this assembly.</summary>
    public static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The build has left out {name}.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    /// <summary>Writes the document.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="version">The version of the server.</param>
    /// <param name="routes">The routes that are mapped; those of others in the application are left out.</param>
    public static void Write(Utf8JsonWriter writer, string version, IEnumerable<RouteEndpoint> routes)
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.1.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "ActorRuns");
        writer.WriteString("version", version);
        writer.WriteString("description", "Conversations with agents, over the LangGraph Server API.");
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        var described =
            from route in routes
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            let pattern = route.RoutePattern.RawText ?? string.Empty
            let text = RouteTexts.Find(method, pattern)
            where text is not null
            orderby pattern, method
            select (Pattern: pattern, Method: method, Text: text, route.RoutePattern.Parameters);
        foreach (var path in described.GroupBy(route => route.Pattern, StringComparer.Ordinal))
        {
            writer.WriteStartObject(path.Key);
            foreach (var route in path)
            {
                writer.WriteStartObject(route.Method.ToLowerInvariant());
                WriteOperation(writer, route.Text, route.Parameters.Select(parameter => parameter.Name));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("components");
        writer.WritePropertyName("schemas");
        Schemas.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter writer, RouteText text, IEnumerable<string> ids)
    {
        writer.WriteStartArray("tags");
        writer.WriteStringValue(text.Tag);
        writer.WriteEndArray();
        writer.WriteString("summary", text.Summary);
        writer.WriteStartArray("parameters");
        foreach (var id in ids)
            WriteParameter(writer, id, "path", "string");
        foreach (var (name, type) in text.Query)
            WriteParameter(writer, name, "query", type);
        writer.WriteEndArray();
        if (text.Body is { } body)
        {
            writer.WriteStartObject("requestBody");
            WriteContent(writer, "application/json", body);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("responses");
        writer.WriteStartObject(text.Status.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("description", "Success");
        if (text.Answer is not null || text.ContentType is not null)
            WriteContent(writer, text.ContentType ?? "application/json", text.Answer);
        writer.WriteEndObject();
        writer.WriteStartObject("default");
        writer.WriteString("description", "A problem");
        WriteContent(writer, "application/problem+json", "Problem");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, string name, string place, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", place);
        if (place is "path")
            writer.WriteBoolean("required", true);
        writer.WriteStartObject("schema");
        writer.WriteString("type", type);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, string contentType, string? schema)
    {
        writer.WriteStartObject("content");
        writer.WriteStartObject(contentType);
        writer.WriteStartObject("schema");
        if (schema is null)
        {
            writer.WriteString("type", "string");
        }
        else if (schema.StartsWith("[]", StringComparison.Ordinal))
        {
            writer.WriteString("type", "array");
            writer.WriteStartObject("items");
            WriteReference(writer, schema[2..]);
            writer.WriteEndObject();
        }
        else
        {
            WriteReference(writer, schema);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter writer, string schema) =>
        writer.WriteString("$ref", $"#/components/schemas/{schema}");
}
