using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Undos;

namespace ActorRuns.Streams;

/// <summary>How a run ended, for those who wait for it.</summary>
public sealed class RunOutcome
{
    private readonly Lazy<ReadOnlyMemory<byte>> _body;

    private RunOutcome(RunLedger? run, Func<ReadOnlyMemory<byte>> body)
    {
        Run = run;
        _body = new Lazy<ReadOnlyMemory<byte>>(body);
    }

    /// <summary>The run as it ended; null when it was undone and is gone.</summary>
    public RunLedger? Run { get; }

    /// <summary>Why it is gone, when it was rolled back.</summary>
    public RolledBackRun? RolledBack { get; private init; }

    /// <summary>
    /// The answer's JSON: the run's last values, or <c>__interrupt__</c> with what a human is asked, or
    /// <c>__error__</c>. Written when it is first asked for.
    /// </summary>
    public ReadOnlyMemory<byte> Body => _body.Value;

    /// <summary>The outcome of a run, read off the ledger as it is right after the run's end.</summary>
    internal static RunOutcome Of(ThreadLedger ledger, RunId id)
    {
        var run = ledger.Runs.GetValueOrDefault(id);
        var position = ledger.Position;
        var cause = run?.Cause is RunCause.Joined(var carrier)
            ? ledger.Runs.GetValueOrDefault(carrier)?.Cause
            : run?.Cause;
        return new RunOutcome(run, cause switch
        {
            RunCause.AskedHuman => () => StateJson.Write(writer => FrameJson.WriteInterrupt(writer, position.Interrupts)),
            RunCause.Failed(var error, var message) => () => WriteError(error, message),
            RunCause.WorkerLost or RunCause.TimedOut =>
                () => WriteError(position.Failure!.Error, position.Failure.Message), // Both are set together.
            _ => () => StateJson.Write(writer => StateJson.WriteValues(writer, position.Values)),
        })
        {
            RolledBack = ledger.NoRun(id).RolledBack,
        };
    }

    private static ReadOnlyMemory<byte> WriteError(string error, string message) => StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("__error__");
        FrameJson.WriteError(writer, error, message);
        writer.WriteEndObject();
    });
}
