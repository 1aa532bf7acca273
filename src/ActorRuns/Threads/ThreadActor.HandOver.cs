using Akka.Actor;
using Akka.Event;
using ActorRuns.Cluster;

namespace ActorRuns.Threads;

/// <content>
/// How a thread goes to another member: between two steps of its run, with nothing under way; and how it stops when it
/// is not this member's any more.
/// </content>
internal sealed partial class ThreadActor
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(25);

    private readonly ShardPermit? _permit;
    private bool _handsOver;

    /// <summary>True as long as this member may execute the thread: asked before each message.</summary>
    private bool IsOurs => _permit is { IsLive: true };

    /// <summary>Nothing goes on here: whoever asks is sent to where the thread is now.</summary>
    private void StopAsStranger(object message)
    {
        _log.Info("Thread {0} is not this member's any more and stops", _id);
        if (message is IThreadMessage)
            Sender.Tell(new Refused(new Refusal.ThreadElsewhere(_id)));
        Context.Stop(Self);
    }

    /// <summary>Stops as soon as nothing is under way that would be lost by it.</summary>
    /// <returns>True when nothing new is to begin here.</returns>
    private bool HandOverWhenDone()
    {
        if (!_handsOver)
            return false;

        if (_child is { } child)
        {
            if (child.Holder != _ledger.Holder)
                Context.Stop(child.Ref); // Its Terminated brings us back here.
            else if (child.Position.Head == _ledger.Position.Head || HasStartedCalls)
                return false; // Within a step: it goes on to its end.
            else
                Context.Stop(child.Ref);
            return true;
        }

        if (_ledger.Holder is { } holder && !_ledger.IsHandedOver(holder))
            Execute(new ThreadCommand.HandOverRun(holder)); // Its Reconcile brings us back here.
        else if (_undo is null && !IsRead)
            Context.Stop(Self);
        else
            Timers.StartSingleTimer(nameof(HandOver), new HandOver(), LookAgainAfter);
        return true;
    }

    /// <summary>
    /// True when the journal says that tools are at work: whoever took over now would have to take their effects for
    /// unknown, though they have not begun.
    /// </summary>
    private bool HasStartedCalls => _ledger.Working.OpenCalls.Any(call => call.Started);

    /// <summary>True while somebody reads the past, who would wait for an answer in vain.</summary>
    private bool IsRead => Context.GetChildren().Any(child => !_webhooks.ContainsValue(child));
}
