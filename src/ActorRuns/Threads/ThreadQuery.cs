using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Threads;

/// <summary>What threads to find, and in which order.</summary>
public sealed record ThreadQuery
{
    /// <summary>What their metadata must contain, at any depth; undefined for anything.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>What they must be at; null for anything.</summary>
    public ThreadStatus? Status { get; init; }

    /// <summary>The threads to choose from; empty for all.</summary>
    public ImmutableArray<ThreadId> Ids { get; init; } = [];

    /// <summary>What they are sorted by.</summary>
    public ThreadOrder OrderBy { get; init; } = ThreadOrder.CreatedAt;

    /// <summary>True for the smallest or oldest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>How many matches are passed over.</summary>
    public int Offset { get; init; }

    /// <summary>How many matches are wanted; null for all.</summary>
    public int? Limit { get; init; }
}

/// <summary>What threads can be sorted by.</summary>
public enum ThreadOrder
{
    /// <summary>When they were created.</summary>
    CreatedAt,

    /// <summary>When anything of them last changed.</summary>
    UpdatedAt,

    /// <summary>Their ids.</summary>
    ThreadId,

    /// <summary>What they are at.</summary>
    Status,
}

/// <summary>The threads that were found.</summary>
/// <param name="Threads">The page that was asked for.</param>
/// <param name="Total">How many match in all.</param>
public sealed record ThreadPage(ImmutableArray<ThreadId> Threads, int Total);
