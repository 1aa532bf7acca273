using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Crons;

/// <summary>A run that is created again and again, by a schedule. Each time at which it is due is a slot.</summary>
public sealed record Cron
{
    /// <summary>Its id.</summary>
    public required CronId Id { get; init; }

    /// <summary>The thread of its runs; null when each has one of its own.</summary>
    public ThreadId? ThreadId { get; init; }

    /// <summary>When its runs are due.</summary>
    public required CronSchedule Schedule { get; init; }

    /// <summary>Whose clocks the schedule is read by; null for UTC.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>The time after which no run is due; null for none.</summary>
    public DateTimeOffset? EndAt { get; init; }

    /// <summary>False while no run is due, whatever the schedule says.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>
    /// What is asked of each run. The run's id is filled in when it is due, and what the assistant says under it: so
    /// the run is one of the assistant as it is then.
    /// </summary>
    public required RunRequest Request { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a caller last changed it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first slot without a run yet; null when none ever comes, or the cron is not enabled.</summary>
    public DateTimeOffset? NextRunAt { get; init; }

    /// <summary>The configuration that is executed.</summary>
    public AssistantId AssistantId => Request.AssistantId;

    /// <summary>What it can be found by; its runs inherit it.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata => Request.Metadata;

    private TimeZoneInfo Clock => Zone ?? TimeZoneInfo.Utc;

    /// <summary>The cron with its next slot after a time.</summary>
    public Cron PlannedAfter(DateTimeOffset now) => this with
    {
        NextRunAt = IsEnabled && Schedule.Next(now, Clock) is { } next && !(next > EndAt) ? next : null,
    };

    /// <summary>
    /// The cron as a caller changed it. When it comes at other times than before, slots that have passed are skipped.
    /// </summary>
    public Cron ChangedTo(Cron changed, DateTimeOffset now)
    {
        var comesAlike = changed.Schedule.Equals(Schedule)
            && changed.Clock.Equals(Clock)
            && changed.EndAt == EndAt
            && changed.IsEnabled == IsEnabled;
        return (comesAlike ? changed : changed.PlannedAfter(now)) with { UpdatedAt = now };
    }

    /// <summary>
    /// The slot that a run is due for; null when none is. Of several that were missed only the last counts: a process
    /// that was down for a day owes one run and not a day's.
    /// </summary>
    public DateTimeOffset? SlotDueAt(DateTimeOffset now)
    {
        if (NextRunAt is not { } first || first > now)
            return null;

        var until = EndAt < now ? EndAt.Value : now;
        return Schedule.Last(first, until, Clock) ?? first; // It was a slot when it was planned, whatever is one now.
    }

    /// <summary>The cron after the slots up to a time, unless others have planned it anew meanwhile.</summary>
    /// <param name="due">The first of the slots, as it was planned.</param>
    /// <param name="now">The time.</param>
    public Cron Passed(DateTimeOffset? due, DateTimeOffset now) => NextRunAt == due ? PlannedAfter(now) : this;
}
