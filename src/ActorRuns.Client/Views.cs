using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <summary>A thread as it was when it was asked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">What it is at.</param>
/// <param name="Metadata">What it can be found by, an object.</param>
/// <param name="Values">Its state by channel; undefined before the first run.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When anything of it last changed.</param>
public sealed record ThreadView(
    ThreadId Id,
    ThreadStatus Status,
    JsonElement Metadata,
    JsonElement Values,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A run as it was when it was asked.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ThreadId">Its thread.</param>
/// <param name="AssistantId">The assistant that was asked.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Strategy">What it did to the runs before it.</param>
/// <param name="Metadata">What it can be told by, and what the runtime says of it; an object.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its status last changed.</param>
public sealed record RunView(
    RunId Id,
    ThreadId ThreadId,
    AssistantId AssistantId,
    RunStatus Status,
    MultitaskStrategy Strategy,
    JsonElement Metadata,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>True once it has ended.</summary>
    public bool IsTerminal => Status is not (RunStatus.Pending or RunStatus.Running);

    /// <summary>Why it ended: <c>finished</c>, <c>superseded</c>, <c>cancelled</c> …; null until then.</summary>
    public string? Cause =>
        Metadata.TryGetProperty("actorruns_cause", out var cause) ? cause.GetString() : null;

    /// <summary>The run that took its place; null when none did.</summary>
    public RunId? SupersededBy =>
        Metadata.TryGetProperty("superseded_by", out var by) ? new RunId(by.GetGuid()) : null;

    /// <summary>Its place among the runs that wait, counted from 1; null when it has none or it is not known.</summary>
    public int? QueuePosition =>
        Metadata.TryGetProperty("actorruns_queue_position", out var place) ? place.GetInt32() : null;

    /// <summary>Which try was the last, counted from 1; 0 before the first.</summary>
    public int Attempt => Metadata.TryGetProperty("actorruns_attempt", out var attempt) ? attempt.GetInt32() : 0;
}

/// <summary>How a run ended.</summary>
/// <param name="Run">The run; null when it was undone, or its thread was deleted with its end.</param>
/// <param name="Values">The state by channel as it left it; undefined when it failed or asks a human.</param>
/// <param name="Questions">What a human is asked; empty when nothing is.</param>
/// <param name="Failure">What went wrong; null when nothing did.</param>
public sealed record RunResult(
    RunView? Run, JsonElement Values, ImmutableArray<HumanQuestion> Questions, RunFailure? Failure);

/// <summary>Something that a human is asked.</summary>
/// <param name="Id">Names it among several.</param>
/// <param name="Value">What is asked.</param>
public sealed record HumanQuestion(string Id, JsonElement Value);

/// <summary>What a run failed of.</summary>
/// <param name="Error">The kind of failure.</param>
/// <param name="Message">What it says of itself.</param>
public sealed record RunFailure(string Error, string Message);

/// <summary>One thing that a run's stream tells.</summary>
/// <param name="Id">Its place: to go on after it, hand it to <see cref="IThreads.FollowAsync"/>.</param>
/// <param name="Name">What it is: <c>metadata</c>, <c>values</c>, <c>messages</c>, <c>error</c> and so on.</param>
/// <param name="Payload">What it tells.</param>
public sealed record RunEvent(string Id, string Name, JsonElement Payload);

/// <summary>A revision of a thread's state.</summary>
/// <param name="Values">The values by channel.</param>
/// <param name="Next">The nodes that come next; empty when nothing is left to do.</param>
/// <param name="Questions">What a human is asked here; empty when nothing is.</param>
/// <param name="Checkpoint">Its id; null for a thread that has none yet.</param>
/// <param name="Parent">The one that it was made from; null for the first.</param>
/// <param name="Metadata">How it came about, an object; undefined for a thread that has none yet.</param>
/// <param name="CreatedAt">When it was made; null for a thread that has none yet.</param>
public sealed record StateView(
    JsonElement Values,
    ImmutableArray<string> Next,
    ImmutableArray<HumanQuestion> Questions,
    CheckpointId? Checkpoint,
    CheckpointId? Parent,
    JsonElement Metadata,
    DateTimeOffset? CreatedAt);
