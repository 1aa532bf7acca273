using System.Collections.Concurrent;

namespace ActorRuns.Chaos.Load;

/// <summary>Everything that a server has said yes to, and what was seen of it.</summary>
internal sealed class Accepted
{
    private readonly ConcurrentDictionary<string, AcceptedRun> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Reading> _readings = [];

    /// <summary>The runs that were accepted, by id.</summary>
    public IReadOnlyDictionary<string, AcceptedRun> Runs => _runs;

    /// <summary>What readers of streams have seen.</summary>
    public IReadOnlyCollection<Reading> Readings => _readings;

    /// <summary>Notes a run.</summary>
    public void Add(AcceptedRun run) => _runs[run.RunId] = run;

    /// <summary>Notes what a reader has seen to the end.</summary>
    public void Add(Reading reading) => _readings.Enqueue(reading);
}

/// <summary>A run that a server has accepted.</summary>
/// <param name="ThreadId">Its conversation.</param>
/// <param name="RunId">Its id.</param>
/// <param name="Strategy">What was to become of the run before it.</param>
/// <param name="Text">What the human said; null for the answer to a question.</param>
internal sealed record AcceptedRun(string ThreadId, string RunId, string Strategy, string? Text);

/// <summary>What one reader saw of a run's stream, over all its connections.</summary>
/// <param name="Run">The run.</param>
/// <param name="EventIds">The ids of the events, in the order they came.</param>
/// <param name="Connections">How often it had to connect.</param>
/// <param name="IsGone">True when the run was rolled back or deleted before its end was read.</param>
internal sealed record Reading(AcceptedRun Run, IReadOnlyList<string> EventIds, int Connections, bool IsGone);
