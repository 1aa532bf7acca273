using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using ActorRuns.Agents;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Threads;

namespace ActorRuns.Undos;

/// <summary>
/// Undoes one tool call of a run that was rolled back, and tells the thread what came of it. It begins when the thread
/// says that this is durable, and when the work of the run has ended, or was disowned.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Late work may still use the source; it holds nothing.")]
internal sealed class UndoActor : UntypedActor
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(1);

    private readonly ThreadId _thread;
    private readonly OwedUndo _owed;
    private readonly ToolContract? _contract;
    private readonly Task _workEnded;
    private readonly RuntimeServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopped = new();

    public UndoActor(
        ThreadId thread, OwedUndo owed, ToolContract? contract, Task workEnded, RuntimeServices services)
    {
        _thread = thread;
        _owed = owed;
        _contract = contract;
        _workEnded = workEnded;
        _services = services;
    }

    public static Props Props(
        ThreadId thread, OwedUndo owed, ToolContract? contract, Task workEnded, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new UndoActor(thread, owed, contract, workEnded, services));

    protected override void PreStart()
    {
        if (_contract?.Compensate is null)
            Settle("The tool is not there any more, or does not say how it is undone.");
        else if (_owed.Begun && !_contract.CompensatesIdempotently)
            Settle("The process was lost while it was undone; whether it was is not known.");
        else if (_owed.Begun)
            Begin();
        else
            Context.Parent.Tell(new ThreadCommand.BeginUndo(_owed.RunId, _owed.Ran.Call.Id));
    }

    protected override void PostStop() => _ = _stopped.CancelAsync();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UndoDurable:
                Begin();
                break;
            case Undone(var failure):
                Settle(failure);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin() => _ = UndoAsync().PipeTo(
        Self,
        success: () => new Undone(Failure: null),
        failure: reason => new Undone(reason.Message));

    private async Task UndoAsync()
    {
        await _workEnded.WaitAsync(_services.Options.StopGrace, _services.Time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopped.Token.ThrowIfCancellationRequested();
        var key = $"{RuntimeIds.TaskId(_owed.Ran.StepFrom, _owed.Ran.Node):D}/{_owed.Ran.Call.Id}";
        var undo = new ToolCompensation(_thread, _owed.RunId, _owed.Ran.Call, _owed.Ran.Result, key);
        await CompensateAsync(undo)
            .WaitAsync(_contract?.Deadline ?? DefaultDeadline, _services.Time, CancellationToken.None);
    }

    private async Task CompensateAsync(ToolCompensation undo)
    {
        await Task.Yield(); // What works before its first await must not hold up this actor.
        await _contract!.Compensate!(undo, _stopped.Token); // Checked at start.
    }

    private void Settle(string? failure)
    {
        var call = _owed.Ran.Call;
        if (failure is null)
            _log.Info("Call '{0}' of run {1} of thread {2} is undone", call.Name, _owed.RunId, _thread);
        else
            _log.Warning("Call '{0}' of run {1} of thread {2} is not undone: {3}",
                call.Name, _owed.RunId, _thread, failure);
        Context.Parent.Tell(new ThreadCommand.SettleUndo(_owed.RunId, call.Id, failure));
    }

    private sealed record Undone(string? Failure);
}

/// <summary>Tells an undo that its beginning is durable.</summary>
internal sealed record UndoDurable;
