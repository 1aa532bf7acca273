using ActorRuns.Threads;

namespace ActorRuns.Domain.Tests.Scenes;

/// <summary>Ids that count up, so that a test that runs twice runs the same.</summary>
internal sealed class CountingIds : IIdSource
{
    private int _messages;
    private int _checkpoints;

    /// <summary>What the last revision's id had to sort after.</summary>
    public CheckpointId? After { get; private set; }

    public string NewMessageId() => $"m{++_messages}";

    public CheckpointId NewCheckpointId(DateTimeOffset now, int step, CheckpointId? after)
    {
        After = after;
        return new CheckpointId(new Guid(++_checkpoints, 0, 0, new byte[8]));
    }
}
