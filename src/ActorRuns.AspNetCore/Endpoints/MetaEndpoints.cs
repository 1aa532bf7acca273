using System.Reflection;
using ActorRuns.AspNetCore.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>What clients ask to learn whom they talk to.</summary>
internal static class MetaEndpoints
{
    private static readonly string Version =
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(fieldCount: 3) ?? "0.0.0";

    /// <summary>Maps the routes.</summary>
    public static void MapMeta(this IEndpointRouteBuilder routes)
    {
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
}
