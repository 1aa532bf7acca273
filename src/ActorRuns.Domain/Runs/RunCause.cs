namespace ActorRuns.Runs;

/// <summary>Why a run ended; every ended run has exactly one.</summary>
public abstract record RunCause
{
    private RunCause() { }

    /// <summary>Nothing was left to do.</summary>
    public sealed record Finished : RunCause;

    /// <summary>It stopped to ask a human.</summary>
    public sealed record AskedHuman : RunCause;

    /// <summary>A node, the model or the graph failed.</summary>
    /// <param name="Error">The kind of error.</param>
    /// <param name="Message">What went wrong, for the user.</param>
    public sealed record Failed(string Error, string Message) : RunCause;

    /// <summary>A user cancelled it.</summary>
    public sealed record Cancelled : RunCause;

    /// <summary>A later message took its place.</summary>
    /// <param name="By">The run of that message.</param>
    public sealed record Superseded(RunId By) : RunCause;

    /// <summary>It had become part of another run, and ended as that did.</summary>
    /// <param name="Into">The other run.</param>
    public sealed record Joined(RunId Into) : RunCause;

    /// <summary>It took longer than it may.</summary>
    /// <param name="Limit">How long it may take.</param>
    public sealed record TimedOut(TimeSpan Limit) : RunCause;

    /// <summary>The process that executed it was lost as often as is allowed.</summary>
    /// <param name="Attempts">How many tries there were.</param>
    public sealed record WorkerLost(int Attempts) : RunCause;
}
