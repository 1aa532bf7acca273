using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Stops actors and waits until they are gone.</summary>
public static class GracefulStopSupport
{
    /// <summary>Stops the actor with a <see cref="PoisonPill"/>.</summary>
    /// <returns>True once it is gone; false when the time is up before.</returns>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Tells the actor a message that makes it stop.</summary>
    /// <returns>True once it is gone; false when the time is up before.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var reference = (IInternalActorRef)target;
        if (reference.System is not { } system)
            return true; // Nobody is never there.

        var watcher = new DeathActorRef(system);
        reference.SendSystemMessage(new Watch(reference, watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await watcher.Death.WaitAsync(timeout).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            reference.SendSystemMessage(new Unwatch(reference, watcher));
            return false;
        }
    }

    /// <summary>A watcher whose task completes with the death of whom it watches.</summary>
    private sealed class DeathActorRef(ActorSystemImpl system) : PromiseActorRef(system)
    {
        private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Death => _death.Task;

        public override void SendSystemMessage(SystemMessage message)
        {
            if (message is not DeathWatchNotification)
            {
                base.SendSystemMessage(message);
                return;
            }

            _death.TrySetResult();
            End();
        }
    }
}
