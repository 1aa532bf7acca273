using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>What the actor does once the children it has told to stop are gone.</summary>
    private enum AwaitedStep
    {
        None,
        Create,
        Recreate,
        Terminate,
    }

    /// <summary>Who failed while the supervisor has not decided: this actor or, if it escalated, a child.</summary>
    private IInternalActorRef? _perpetrator;
    private AwaitedStep _awaitedStep;
    private Exception? _recreationCause;

    private void CreateActor()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            ArmReceiveTimeout();
        }
        catch (Exception e)
        {
            ReleaseActor();
            throw new ActorInitializationException(SelfRef, $"Exception during creation: {e.Message}", e);
        }
    }

    /// <summary>Suspends the actor with all below it and leaves the decision to its supervisor.</summary>
    private void HandleInvokeFailure(Exception cause)
    {
        if (_perpetrator is not null)
            return;
        Mailbox.Suspend();
        _perpetrator = CurrentMessage is Failed failed ? failed.Child : SelfRef;
        foreach (var child in ChildRecords)
        {
            if (!child.Reference.Equals(_perpetrator))
                child.Reference.SendSystemMessage(new Suspend());
        }

        ParentRef.SendSystemMessage(new Failed(SelfRef, cause));
    }

    private void HandleChildFailure(Failed failed)
    {
        if (_children?.Find(failed.Child) is not { } record)
            return;
        if (_actor is null)
        {
            Stop(failed.Child);
            return;
        }

        var (message, sender) = (CurrentMessage, _sender);
        (CurrentMessage, _sender) = (failed, failed.Child);
        if (!_actor.Strategy.HandleFailure(this, record, failed.Cause))
        {
            HandleInvokeFailure(failed.Cause);
            return;
        }

        (CurrentMessage, _sender) = (message, sender);
    }

    private void FaultSuspend()
    {
        Mailbox.Suspend();
        foreach (var child in ChildRecords)
            child.Reference.SendSystemMessage(new Suspend());
    }

    private void FaultResume(bool afterFailure)
    {
        if (_awaitedStep == AwaitedStep.Terminate)
            return;
        if (_actor is null && _awaitedStep == AwaitedStep.None)
        {
            BeginCreation(); // The instance never came to be; there is nothing to go on with.
            return;
        }

        var perpetrator = _perpetrator;
        Mailbox.Resume();
        if (afterFailure)
        {
            _perpetrator = null;
            if (_turn is null)
                MessageIsHandled();
        }

        foreach (var child in ChildRecords)
            child.Reference.SendSystemMessage(new Resume(afterFailure && child.Reference.Equals(perpetrator)));
    }

    private void FaultRecreate(Exception cause)
    {
        if (_awaitedStep != AwaitedStep.None)
        {
            FaultResume(afterFailure: false); // Already on its way; only the suspension that came with it ends.
            return;
        }

        if (_actor is null)
        {
            BeginCreation();
            return;
        }

        AbandonTurn();
        try
        {
            _timers?.CancelAll();
            _actor.AroundPreRestart(cause, CurrentMessage!); // Null when the failure came with no message.
        }
        catch (Exception e)
        {
            PublishError(e, $"PreRestart failed while the actor was restarted because of: {cause.Message}");
        }

        ReleaseActor();
        _recreationCause = cause;
        AwaitChildren(AwaitedStep.Recreate);
    }

    private void BeginCreation()
    {
        CancelReceiveTimeout();
        StopChildren();
        AwaitChildren(AwaitedStep.Create);
    }

    private void BeginTermination()
    {
        if (_awaitedStep == AwaitedStep.Terminate)
            return;
        SetReceiveTimeout(null);
        OwnChildren().Close();
        AbandonTurn();
        Mailbox.Suspend();
        _perpetrator = SelfRef; // A stopping actor's failures go to nobody.
        StopChildren();
        AwaitChildren(AwaitedStep.Terminate);
    }

    /// <summary>Takes the step at once if no child has to go first, else when the last of them has.</summary>
    private void AwaitChildren(AwaitedStep step)
    {
        _awaitedStep = step;
        TakeAwaitedStep();
    }

    private void TakeAwaitedStep()
    {
        if (_awaitedStep == AwaitedStep.None || _children is { HasStopping: true })
            return;

        var step = _awaitedStep;
        if (step == AwaitedStep.Terminate)
        {
            FinishTermination();
            return;
        }

        _awaitedStep = AwaitedStep.None;
        if (step == AwaitedStep.Create)
            FinishCreation();
        else
            FinishRecreation(_recreationCause!); // Set together with the step.
    }

    private void FinishCreation()
    {
        Mailbox.Resume();
        _perpetrator = null;
        CreateActor();
    }

    private void FinishRecreation(Exception cause)
    {
        var survivors = ChildRecords;
        Mailbox.Resume();
        (_perpetrator, _recreationCause) = (null, null);
        try
        {
            _actor = NewActor();
            _actor.AroundPostRestart(cause, null!); // The failed message is not known to the new instance.
            ArmReceiveTimeout();
        }
        catch (Exception e)
        {
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(SelfRef, e, cause));
            return;
        }

        foreach (var child in survivors)
            child.Reference.SendSystemMessage(new Recreate(cause));
    }

    private void FinishTermination()
    {
        try
        {
            _timers?.CancelAll();
            _actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            PublishError(e, "PostStop failed.");
        }

        ReleaseActor();
        Mailbox.Close();
        ParentRef.SendSystemMessage(new DeathWatchNotification(SelfRef, existenceConfirmed: true));
        TellWatchersOfDeath();
        UnwatchAll();
    }

    private void HandleChildDeath(IInternalActorRef child)
    {
        if (_children?.Remove(child) == true)
            TakeAwaitedStep();
    }

    private void PublishError(Exception cause, string message) =>
        SystemImpl.EventStream.Publish(new Error(cause, SelfRef.Path.ToString(), Props.Type, message));
}
