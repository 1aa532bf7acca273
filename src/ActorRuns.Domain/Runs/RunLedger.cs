using System.Collections.Immutable;
using ActorRuns.Webhooks;
using ActorRuns.Undos;

namespace ActorRuns.Runs;

/// <summary>What the journal adds up to for one run.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Attempt">Which try is the last, counted from 1; 0 before the first.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="DueAt">When it may start at the earliest.</param>
/// <param name="UpdatedAt">When its status last changed.</param>
/// <param name="Cause">Why it ended; null until then.</param>
/// <param name="Supersedes">The runs that it stopped, in their order.</param>
public sealed record RunLedger(
    RunRequest Request,
    RunStatus Status,
    int Attempt,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    DateTimeOffset UpdatedAt,
    RunCause? Cause,
    ImmutableArray<RunId> Supersedes)
{
    /// <summary>When its time is up, counted from its first start; null before, and when it has no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The run's id.</summary>
    public RunId Id => Request.RunId;

    /// <summary>What came of the undoing of the tool calls of runs that it rolled back.</summary>
    public ImmutableArray<UndoReport> Undid { get; init; } = [];

    /// <summary>How long one of its tools went on after it was told to end; zero when none did for long.</summary>
    public TimeSpan Overran { get; init; }

    /// <summary>The tools that did, each once.</summary>
    public ImmutableArray<string> OverranTools { get; init; } = [];

    /// <summary>When it first got the thread; null when it never did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How far its webhook has come; null before its end, and when it has none.</summary>
    public WebhookStatus? Webhook { get; init; }

    /// <summary>The run that it has become part of, and with which it ends; null when it is a run of its own.</summary>
    public RunId? JoinedTo { get; init; }

    /// <summary>The runs that have become part of it, in the order in which it says what they bring.</summary>
    public ImmutableArray<RunId> Joined { get; init; } = [];

    /// <summary>True once the run has ended; nothing of it is accepted afterwards.</summary>
    public bool IsTerminal => Status is not (RunStatus.Pending or RunStatus.Running);
}
