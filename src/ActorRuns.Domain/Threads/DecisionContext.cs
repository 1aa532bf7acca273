using System.Collections.Immutable;
using ActorRuns.Graphs;
using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>What a decision needs to know beside the ledger and the command.</summary>
/// <param name="ThreadId">The thread that is decided on.</param>
/// <param name="Now">The time.</param>
/// <param name="Ids">Makes new ids.</param>
/// <param name="Graphs">The graphs that can be executed here.</param>
/// <param name="Policy">The limits and habits of this server.</param>
/// <param name="Partials">What the holder has streamed so far of messages that are not complete.</param>
public sealed record DecisionContext(
    ThreadId ThreadId,
    DateTimeOffset Now,
    IIdSource Ids,
    IGraphCatalog Graphs,
    ThreadPolicy Policy,
    ImmutableArray<PartialMessage> Partials);

/// <summary>Makes new ids, so that a decision with the same source of ids is the same decision.</summary>
public interface IIdSource
{
    /// <summary>A message id that was never used.</summary>
    string NewMessageId();

    /// <summary>A new checkpoint id.</summary>
    /// <param name="now">The time.</param>
    /// <param name="step">The checkpoint's step.</param>
    /// <param name="after">The id that it must sort after, whatever the clock says; null for none.</param>
    CheckpointId NewCheckpointId(DateTimeOffset now, int step, CheckpointId? after);
}

/// <summary>Limits and habits that a server sets for its threads.</summary>
public sealed record ThreadPolicy
{
    /// <summary>How often a run is tried before it fails because its process was lost.</summary>
    /// <value>Default 3; at least 1.</value>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long a run may take that does not say so itself, from its first start; zero for no limit.</summary>
    /// <value>Default 1 h.</value>
    public TimeSpan RunTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a message waits for others, when nobody else says; zero for not at all.</summary>
    /// <value>Default 0; from 0 to 1 h.</value>
    public TimeSpan DebounceQuiet { get; init; }

    /// <summary>How long the first of several messages waits at most.</summary>
    /// <value>Default 10 s; from 0 to 1 h.</value>
    public TimeSpan DebounceAtMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True when a stopped run's open tool calls get a result that says so.</summary>
    /// <value>Default true.</value>
    public bool CloseToolCalls { get; init; } = true;

    /// <summary>True when the text that a stopped run has streamed is kept as a message.</summary>
    /// <value>Default true.</value>
    public bool KeepPartialText { get; init; } = true;
}

/// <summary>A message that is being streamed, as far as it has come.</summary>
/// <param name="Node">The node that writes it.</param>
/// <param name="Channel">The channel it will be in.</param>
/// <param name="Message">The message so far.</param>
public sealed record PartialMessage(string Node, string Channel, Message Message);
