using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>Whom this actor watches, with the message it wants instead of Terminated.</summary>
    private Dictionary<IActorRef, object?>? _watching;

    /// <summary>
    /// Whose Terminated waits in the mailbox; Unwatch takes it out, and with it the right to be delivered.
    /// </summary>
    private Dictionary<IActorRef, object?>? _terminatedQueued;
    private HashSet<IInternalActorRef>? _watchedBy;

    public IActorRef Watch(IActorRef subject) => StartWatching(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return StartWatching(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching?.Remove(subject) == true)
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, SelfRef));
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>Puts a message that the actor kept aside back, before all that wait.</summary>
    public void Return(in Envelope envelope)
    {
        // It has had its right to be delivered once; it gets it again, under the same condition.
        if (envelope.Message is Terminated terminated)
            (_terminatedQueued ??= [])[terminated.ActorRef] = null;
        Mailbox.EnqueueFirst(envelope);
    }

    private IActorRef StartWatching(IActorRef subject, object? message)
    {
        var reference = (IInternalActorRef)subject;
        if (!reference.Equals(SelfRef) && (_watching ??= []).TryAdd(reference, message))
            reference.SendSystemMessage(new Watch(reference, SelfRef));
        return subject;
    }

    private void AddWatcher(IInternalActorRef watcher)
    {
        // The parent is told in any case.
        if (!watcher.Equals(ParentRef) && !watcher.Equals(SelfRef))
            (_watchedBy ??= []).Add(watcher);
    }

    private void HandleDeath(DeathWatchNotification death)
    {
        var subject = death.Actor;
        if (_watching is not null && _watching.Remove(subject, out var message)
            && _awaitedStep != AwaitedStep.Terminate)
        {
            // By way of the mailbox, so that it comes after all that the subject had sent.
            (_terminatedQueued ??= [])[subject] = message;
            SelfRef.Tell(new Terminated(subject, death.ExistenceConfirmed, addressTerminated: false), subject);
        }

        HandleChildDeath(subject);
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out var message))
            return;
        CurrentMessage = message ?? terminated;
        ReceiveMessage(CurrentMessage);
    }

    private void TellWatchersOfDeath()
    {
        foreach (var watcher in _watchedBy ?? [])
            watcher.SendSystemMessage(new DeathWatchNotification(SelfRef, existenceConfirmed: true));
        _watchedBy = null;
    }

    private void UnwatchAll()
    {
        foreach (var subject in _watching?.Keys.Cast<IInternalActorRef>() ?? [])
            subject.SendSystemMessage(new Unwatch(subject, SelfRef));
        (_watching, _terminatedQueued) = (null, null);
    }
}
