namespace ActorRuns.Runs;

/// <summary>How far a run has come; the names are those of the wire, in lower case.</summary>
public enum RunStatus
{
    /// <summary>Waits for its turn, or for the time it is due.</summary>
    Pending,

    /// <summary>Has the thread.</summary>
    Running,

    /// <summary>Ended as it should, or stopped to ask a human.</summary>
    Success,

    /// <summary>Ended by a failure.</summary>
    Error,

    /// <summary>Ran out of its time.</summary>
    Timeout,

    /// <summary>Was stopped by a later run or by a user.</summary>
    Interrupted,
}
