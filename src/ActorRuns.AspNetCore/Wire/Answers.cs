using System.Globalization;
using System.Text.Json;
using ActorRuns.Json;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes answers.</summary>
internal static class Answers
{
    /// <summary>Answers with a JSON document.</summary>
    public static Task WriteJsonAsync(HttpContext context, Action<Utf8JsonWriter> write) =>
        WriteJsonAsync(context, StateJson.Write(write));

    /// <summary>Answers with a JSON document that is written already.</summary>
    public static async Task WriteJsonAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Answers with a JSON list.</summary>
    public static Task WriteListAsync<T>(HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> write) =>
        WriteJsonAsync(context, writer =>
        {
            writer.WriteStartArray();
            foreach (var item in items)
                write(writer, item);
            writer.WriteEndArray();
        });

    /// <summary>Tells how many match in all, and where the next page begins when there is one.</summary>
    public static void Paginate(HttpContext context, int offset, int limit, int total)
    {
        context.Response.Headers["X-Pagination-Total"] = total.ToString(CultureInfo.InvariantCulture);
        if (offset + (long)limit < total)
            context.Response.Headers["X-Pagination-Next"] = (offset + limit).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Keeps only some keys of an object; all when none are named.</summary>
    public static Action<Utf8JsonWriter> Select(
        Action<Utf8JsonWriter> write, IReadOnlyCollection<string> keys) => keys.Count is 0
        ? write
        : writer =>
        {
            var whole = JsonElement.Parse(StateJson.Write(write));
            writer.WriteStartObject();
            foreach (var property in whole.EnumerateObject().Where(property => keys.Contains(property.Name)))
                property.WriteTo(writer);
            writer.WriteEndObject();
        };
}
