using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Crons;

/// <summary>What crons to find, and in which order.</summary>
public sealed record CronQuery
{
    /// <summary>The assistant of their runs; null for any.</summary>
    public AssistantId? AssistantId { get; init; }

    /// <summary>The thread of their runs; null for any, or none.</summary>
    public ThreadId? ThreadId { get; init; }

    /// <summary>Whether they are enabled; null for either.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>What their metadata must contain, at any depth; undefined for anything.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>What they are sorted by.</summary>
    public CronOrder OrderBy { get; init; } = CronOrder.CreatedAt;

    /// <summary>True for the smallest or oldest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>How many matches are passed over.</summary>
    public int Offset { get; init; }

    /// <summary>How many matches are wanted.</summary>
    public required int Limit { get; init; }

    /// <summary>Finds the crons of this query among others, and counts all that match.</summary>
    public CronPage Of(IEnumerable<Cron> crons)
    {
        var found = Sort(crons.Where(Matches)).ToList();
        return new CronPage([.. found.Skip(Offset).Take(Limit)], found.Count);
    }

    private bool Matches(Cron cron) =>
        (AssistantId is null || cron.AssistantId == AssistantId)
        && (ThreadId is null || cron.ThreadId == ThreadId)
        && (IsEnabled is null || cron.IsEnabled == IsEnabled)
        && JsonContainment.Contains(cron.Metadata, Metadata);

    private IEnumerable<Cron> Sort(IEnumerable<Cron> crons)
    {
        var ascending = OrderBy switch
        {
            CronOrder.CreatedAt => crons.OrderBy(cron => cron.CreatedAt),
            CronOrder.UpdatedAt => crons.OrderBy(cron => cron.UpdatedAt),
            CronOrder.NextRunDate => crons.OrderBy(cron => cron.NextRunAt ?? DateTimeOffset.MaxValue),
            CronOrder.AssistantId => crons.OrderBy(cron => $"{cron.AssistantId}", StringComparer.Ordinal),
            CronOrder.ThreadId => crons.OrderBy(cron => $"{cron.ThreadId}", StringComparer.Ordinal),
            _ => crons.OrderBy(cron => $"{cron.Id}", StringComparer.Ordinal),
        };

        // Ids settle what is otherwise equal, so that pages do not overlap.
        var settled = ascending.ThenBy(cron => $"{cron.Id}", StringComparer.Ordinal);
        return Ascending ? settled : settled.Reverse();
    }
}

/// <summary>What crons can be sorted by.</summary>
public enum CronOrder
{
    /// <summary>When they were made.</summary>
    CreatedAt,

    /// <summary>When a caller last changed them.</summary>
    UpdatedAt,

    /// <summary>When they next come; those that never do are the last.</summary>
    NextRunDate,

    /// <summary>Their ids.</summary>
    CronId,

    /// <summary>The ids of their assistants.</summary>
    AssistantId,

    /// <summary>The ids of their threads; those without are the first.</summary>
    ThreadId,
}

/// <summary>The crons that were found.</summary>
/// <param name="Crons">The page that was asked for.</param>
/// <param name="Total">How many match in all.</param>
public sealed record CronPage(ImmutableArray<Cron> Crons, int Total);
