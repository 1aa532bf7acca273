using System.Reflection;
using System.Security.Cryptography;
using ActorRuns.AspNetCore.Descriptions;
using ActorRuns.AspNetCore.Metrics;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>What clients ask to learn whom they talk to.</summary>
internal static class MetaEndpoints
{
    private static readonly string Version =
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(fieldCount: 3) ?? "0.0.0";

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">Where they are mapped.</param>
    /// <param name="metrics">What is measured.</param>
    public static void MapMeta(this IEndpointRouteBuilder routes, PrometheusText metrics)
    {
        var description = new Lazy<byte[]>(() => StateJson.Write(writer =>
            OpenApiDocument.Write(writer, Version, routes.DataSources
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()))); // When it is first asked for, all routes are mapped.
        routes.MapGet("/openapi.json", context => WriteFixedAsync(context, "application/json", description.Value));
        var page = OpenApiDocument.Resource("docs.html");
        routes.MapGet("/docs", context => WriteFixedAsync(context, "text/html; charset=utf-8", page));
        routes.MapGet("/metrics", context =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
        });
        routes.MapGet("/ok", context => Answers.WriteJsonAsync(context, """{"ok":true}"""u8.ToArray()));
        routes.MapGet("/info", context => Answers.WriteJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", Version);
            writer.WriteString("context", "actorruns");
            writer.WriteStartObject("flags");
            writer.WriteBoolean("assistants", true);
            writer.WriteBoolean("crons", true);
            writer.WriteBoolean("langsmith", false);
            writer.WriteBoolean("langsmith_tracing_replicas", false);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }));
    }

    /// <summary>Answers with what stays the same while the server runs, unless the client has it already.</summary>
    private static async Task WriteFixedAsync(HttpContext context, string contentType, byte[] content)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.Any(known => known == tag || known is "*"))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted);
    }
}
