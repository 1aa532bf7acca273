using ActorRuns.AspNetCore.Problems;
using ActorRuns.Assistants;
using ActorRuns.Crons;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads what requests say of crons.</summary>
internal static class CronReader
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    // Stands in until the body's own is read, without which there is no cron.
    private static readonly CronSchedule Unread = CronSchedule.Parse("@yearly");

    /// <summary>Reads a new cron.</summary>
    /// <param name="body">The body.</param>
    /// <param name="thread">The thread of its runs; null when each is to have one of its own.</param>
    /// <param name="context">The request.</param>
    /// <param name="runtime">The runtime.</param>
    /// <exception cref="ProblemException">The body is wrong, or names an assistant that is not there.</exception>
    public static async Task<Cron> ReadAsync(
        BodyReader body, ThreadId? thread, HttpContext context, ActorRunsRuntime runtime)
    {
        var assistantName = body.RequiredText("assistant_id");
        if (!body.Has("schedule"))
            body.Fault("schedule", "the five fields of a crontab");
        var now = runtime.Time.GetUtcNow();
        var blank = new Cron
        {
            Id = runtime.Ids.NewCronId(),
            ThreadId = thread,
            Schedule = Unread,
            Request = new RunRequest
            {
                RunId = default,
                AssistantId = default,
                GraphId = default,
                Strategy = runtime.Options.Strategy,
                StrategyFrom = StrategySource.Server,
                IsStateless = thread is null,
            },
            CreatedAt = now,
            UpdatedAt = now,
        };
        var cron = Over(blank, body);
        body.ThrowIfFaulty();

        var assistant = await RunCreate.FindAssistantAsync(assistantName, context, runtime);
        return cron with { Request = cron.Request with { AssistantId = assistant.Id, GraphId = assistant.GraphId } };
    }

    /// <summary>A cron with what a body says of it; what is absent is as it was.</summary>
    public static Cron Over(Cron known, BodyReader body)
    {
        var request = RunCreate.ReadParts(body, known.Request);
        var onCompletion = body.Name(
            "on_run_completed", request.IsStateless ? OnCompletion.Delete : OnCompletion.Keep);
        return known with
        {
            Schedule = Schedule(body) ?? known.Schedule,
            Zone = Zone(body) ?? known.Zone,
            EndAt = body.IsNull("end_time") ? null : body.Time("end_time") ?? known.EndAt,
            IsEnabled = body.Flag("enabled", known.IsEnabled),
            Request = request with { IsStateless = known.ThreadId is null && onCompletion is OnCompletion.Delete },
        };
    }

    /// <summary>Which crons are looked for.</summary>
    public static CronQuery Query(BodyReader body) => new()
    {
        AssistantId = body.Text("assistant_id") is { } assistant ? Assistant(body, assistant) : null,
        ThreadId = body.Text("thread_id") is { } thread ? Thread(body, thread) : null,
        IsEnabled = body.Has("enabled") ? body.Flag("enabled") : null,
        Metadata = body.Object("metadata"),
        OrderBy = body.Name("sort_by", CronOrder.CreatedAt, '_'),
        Ascending = body.Name("sort_order", SortOrder.Desc) is SortOrder.Asc,
        Offset = body.Number("offset", defaultValue: 0, min: 0, int.MaxValue),
        Limit = body.Number("limit", DefaultLimit, min: 1, MaxLimit),
    };

    private static CronSchedule? Schedule(BodyReader body)
    {
        if (body.Text("schedule") is not { } text)
            return null;
        if (!CronSchedule.TryParse(text, out var schedule, out var expected))
            body.Fault("schedule", expected);
        return schedule;
    }

    private static TimeZoneInfo? Zone(BodyReader body)
    {
        if (body.Text("timezone") is not { } name)
            return null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            body.Fault("timezone", "the name of a time zone, such as Europe/Berlin");
        return zone;
    }

    private static AssistantId? Assistant(BodyReader body, string text)
    {
        if (!AssistantId.TryParse(text, out var id))
            body.Fault("assistant_id", "a UUID");
        return id;
    }

    private static ThreadId? Thread(BodyReader body, string text)
    {
        if (!ThreadId.TryParse(text, out var id))
            body.Fault("thread_id", "a UUID");
        return id;
    }
}
