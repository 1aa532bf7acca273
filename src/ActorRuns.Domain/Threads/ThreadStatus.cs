namespace ActorRuns.Threads;

/// <summary>What a thread is at, computed from its runs; the names are those of the wire, in lower case.</summary>
public enum ThreadStatus
{
    /// <summary>Nothing to do.</summary>
    Idle,

    /// <summary>A run is at work or waits for its turn.</summary>
    Busy,

    /// <summary>A human is asked.</summary>
    Interrupted,

    /// <summary>The last run failed.</summary>
    Error,
}
