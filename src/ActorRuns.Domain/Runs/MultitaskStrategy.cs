namespace ActorRuns.Runs;

/// <summary>What a new run does to the runs of its thread that have not ended.</summary>
public enum MultitaskStrategy
{
    /// <summary>Wait for its turn.</summary>
    Enqueue,

    /// <summary>Stop them, keep what they finished, and start.</summary>
    Interrupt,

    /// <summary>Stop them, restore the state from before them, and start.</summary>
    Rollback,

    /// <summary>Refuse the new run.</summary>
    Reject,
}
