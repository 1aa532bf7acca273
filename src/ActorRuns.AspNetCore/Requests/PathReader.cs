using System.Globalization;
using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Crons;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads ids from a path, and options from a query.</summary>
internal static class PathReader
{
    /// <summary>The thread of the path.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static ThreadId Thread(HttpContext context) =>
        ThreadId.TryParse(Text(context, "thread_id"), out var id) ? id : throw NoUuid("thread_id");

    /// <summary>The run of the path.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static RunId Run(HttpContext context) =>
        RunId.TryParse(Text(context, "run_id"), out var id) ? id : throw NoUuid("run_id");

    /// <summary>The run of the path, and its thread: without one in the path, the one made for such a run.</summary>
    /// <exception cref="ProblemException">One is no UUID.</exception>
    public static (ThreadId Thread, RunId Run) ThreadAndRun(HttpContext context)
    {
        var hasThread = context.Request.RouteValues.ContainsKey("thread_id");
        var thread = hasThread ? Thread(context) : default;
        var run = Run(context);
        return (hasThread ? thread : RuntimeIds.StatelessThread(run), run);
    }

    /// <summary>The last event that the client has seen; null when it does not say.</summary>
    /// <exception cref="ProblemException">It is no id of an event.</exception>
    public static FrameId? LastEvent(HttpContext context)
    {
        var lastSeen = $"{context.Request.Headers["Last-Event-ID"]}";
        if (lastSeen.Length is 0)
            return null;
        if (FrameId.TryParse(lastSeen, out var after))
            return after;
        throw new ProblemException(Problem.Invalid(("Last-Event-ID", "the id of an event of this stream, or -1")));
    }

    /// <summary>The checkpoint of the path.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static CheckpointId Checkpoint(HttpContext context) =>
        CheckpointId.TryParse(Text(context, "checkpoint_id"), out var id) ? id : throw NoUuid("checkpoint_id");

    /// <summary>The cron of the path.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static CronId Cron(HttpContext context) =>
        CronId.TryParse(Text(context, "cron_id"), out var id) ? id : throw NoUuid("cron_id");

    /// <summary>A part of the path as it is.</summary>
    public static string Text(HttpContext context, string name) => $"{context.Request.RouteValues[name]}";

    /// <summary>A truth value of the query: 0, 1, true or false; false when it is absent or empty.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public static bool Flag(HttpContext context, string name) => $"{context.Request.Query[name]}" switch
    {
        "" or "0" or "false" => false,
        "1" or "true" => true,
        _ => throw new ProblemException(Problem.Invalid((name, "0, 1, true or false"))),
    };

    /// <summary>A whole number of the query.</summary>
    /// <exception cref="ProblemException">It is none, or out of its bounds.</exception>
    public static int Number(HttpContext context, string name, int defaultValue, int min, int max)
    {
        var text = $"{context.Request.Query[name]}";
        if (text.Length is 0)
            return defaultValue;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
                ? number
                : throw new ProblemException(Problem.Invalid((name, $"a whole number from {min} to {max}")));
    }

    /// <summary>One of the names of an enumeration; null when it is absent.</summary>
    /// <exception cref="ProblemException">It is none of them.</exception>
    public static T? Name<T>(HttpContext context, string name) where T : struct, Enum
    {
        var text = $"{context.Request.Query[name]}";
        if (text.Length is 0)
            return null;
        return JsonNames.TryRead<T>(text, out var value)
            ? value
            : throw new ProblemException(Problem.Invalid((name, $"one of {string.Join(", ", JsonNames.All<T>())}")));
    }

    /// <summary>Texts of the query: repeated, or one JSON list as the SDKs send it; empty when absent.</summary>
    /// <exception cref="ProblemException">A list is no JSON list of texts.</exception>
    public static IReadOnlyList<string> Texts(HttpContext context, string name)
    {
        var values = context.Request.Query[name].OfType<string>().Where(value => value.Length > 0).ToList();
        if (values is not [['[', ..] list])
            return values;

        try
        {
            return [.. JsonElement.Parse(list).EnumerateArray().Select(item => item.GetString() ?? string.Empty)];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new ProblemException(Problem.Invalid((name, "a list of texts")));
        }
    }

    private static ProblemException NoUuid(string name) => new(Problem.Invalid((name, "a UUID")));
}
