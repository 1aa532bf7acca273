using ActorRuns.Crons;
using ActorRuns.Threads;

namespace ActorRuns.Sql;

/// <summary>A cron as it stands in its table.</summary>
internal sealed record CronRow
{
    public required string Id { get; init; }

    /// <summary>For whoever looks into the table; it is part of the request.</summary>
    public required string AssistantId { get; init; }

    public string? ThreadId { get; init; }

    public required string Schedule { get; init; }

    public string? Zone { get; init; }

    public string? EndAt { get; init; }

    public required bool IsEnabled { get; init; }

    public required string Request { get; init; }

    public required string CreatedAt { get; init; }

    public required string UpdatedAt { get; init; }

    public string? NextRunAt { get; init; }

    public static CronRow Of(Cron cron) => new()
    {
        Id = $"{cron.Id}",
        AssistantId = $"{cron.AssistantId}",
        ThreadId = cron.ThreadId?.ToString(),
        Schedule = cron.Schedule.Text,
        Zone = cron.Zone?.Id,
        EndAt = TextOf(cron.EndAt),
        IsEnabled = cron.IsEnabled,
        Request = CronRequestJson.Text(cron.Request),
        CreatedAt = SqlTime.Text(cron.CreatedAt),
        UpdatedAt = SqlTime.Text(cron.UpdatedAt),
        NextRunAt = TextOf(cron.NextRunAt),
    };

    public Cron ToCron() => new()
    {
        Id = new CronId(Guid.ParseExact(Id, "D")),
        ThreadId = ThreadId is { } thread ? new ThreadId(Guid.ParseExact(thread, "D")) : null,
        Schedule = CronSchedule.Parse(Schedule),
        Zone = Zone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : null,
        EndAt = TimeOf(EndAt),
        IsEnabled = IsEnabled,
        Request = CronRequestJson.Read(Request),
        CreatedAt = SqlTime.Read(CreatedAt),
        UpdatedAt = SqlTime.Read(UpdatedAt),
        NextRunAt = TimeOf(NextRunAt),
    };

    private static string? TextOf(DateTimeOffset? time) => time is { } known ? SqlTime.Text(known) : null;

    private static DateTimeOffset? TimeOf(string? text) => text is null ? null : SqlTime.Read(text);
}
