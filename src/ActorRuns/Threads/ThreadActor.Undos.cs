using Akka.Actor;
using ActorRuns.Undos;

namespace ActorRuns.Threads;

/// <content>The tool calls that are to be undone: one actor at a time, before the next run starts.</content>
internal sealed partial class ThreadActor
{
    private (OwedUndo Owed, IActorRef Actor)? _undo;
    private Task _lastWork = Task.CompletedTask;
    private int _undos;

    /// <summary>Makes the undo that is at work match the first that is owed.</summary>
    private void ReconcileUndos()
    {
        TellUndone();
        var owed = _ledger.OwedUndos is [var first, ..] && _child is null ? first : null;
        if (_undo is var (begun, actor) && owed?.Is(begun.RunId, begun.Ran.Call.Id) is not true)
        {
            Context.Stop(actor);
            _undo = null;
        }

        if (owed is null)
            return;

        if (_undo is var (known, undo))
        {
            if (owed.Begun && !known.Begun)
                undo.Tell(new UndoDurable());
            _undo = (owed, undo);
        }
        else
        {
            var contract = _services.Graphs[owed.GraphId]?.Contracts.GetValueOrDefault(owed.Ran.Call.Name);
            var props = UndoActor.Props(_id, owed, contract, _lastWork, _services);
            _undo = (owed, Context.ActorOf(props, $"undo-{++_undos}"));
        }
    }
}
