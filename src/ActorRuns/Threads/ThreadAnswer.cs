using Akka.Actor;
using ActorRuns.Hosting;

namespace ActorRuns.Threads;

/// <summary>What the sender of a command is told, once the command is decided and durable.</summary>
internal abstract record ThreadAnswer
{
    private ThreadAnswer() { }

    /// <summary>Tells the sender a refusal, or what has become true.</summary>
    public void Give(IActorRef sender, Decision decision, ThreadLedger ledger, RuntimeServices services)
    {
        if (decision is Decision.Refuse(var reason))
            sender.Tell(new Refused(reason));
        else
            GiveYes(sender, ledger, services);
    }

    /// <summary>Tells the sender what has become true.</summary>
    protected abstract void GiveYes(IActorRef sender, ThreadLedger ledger, RuntimeServices services);

    /// <summary>The thread as it is now.</summary>
    public sealed record Read : ThreadAnswer
    {
        /// <inheritdoc />
        protected override void GiveYes(IActorRef sender, ThreadLedger ledger, RuntimeServices services) =>
            sender.Tell(new ThreadRead(ledger));
    }

    /// <summary>What was to be deleted is gone.</summary>
    public sealed record Gone : ThreadAnswer
    {
        /// <inheritdoc />
        protected override void GiveYes(IActorRef sender, ThreadLedger ledger, RuntimeServices services) =>
            sender.Tell(new Deleted());
    }

    /// <summary>A run as it was accepted: it may be at work, or even over, by now.</summary>
    /// <param name="Run">Tells what was accepted.</param>
    public sealed record Accepted(Func<object> Run) : ThreadAnswer
    {
        /// <inheritdoc />
        protected override void GiveYes(IActorRef sender, ThreadLedger ledger, RuntimeServices services) =>
            sender.Tell(Run());
    }

    /// <summary>
    /// Runs are stopped; who asked to wait is told when their work has really ended, or is disowned, and all that is to
    /// be undone with them is.
    /// </summary>
    /// <param name="Stop">What was asked.</param>
    /// <param name="Child">The run at work that is to stop; null when it is not at work.</param>
    /// <param name="Ended">Completes when that run has ended, if it may take its time.</param>
    /// <param name="Undone">Completes when nothing is owed an undo any more; cancelled when nobody will know.</param>
    /// <param name="Since">The time stamp of the request.</param>
    public sealed record Stopped(StopRuns Stop, RunChild? Child, Task Ended, Task Undone, long Since) : ThreadAnswer
    {
        /// <inheritdoc />
        protected override void GiveYes(IActorRef sender, ThreadLedger ledger, RuntimeServices services)
        {
            if (!Stop.Wait || (Child is null && Undone.IsCompletedSuccessfully))
                sender.Tell(Answer(disowned: false));
            else
                _ = WaitAsync(services).PipeTo(sender, success: Answer, failure: _ => Answer(disowned: true));

            RunsStopped Answer(bool disowned) => new(disowned, services.Time.GetElapsedTime(Since));
        }

        /// <summary>Waits for the end.</summary>
        /// <returns>True when the work did not end in time.</returns>
        private async Task<bool> WaitAsync(RuntimeServices services)
        {
            await Ended.ConfigureAwait(false);
            var work = Child?.WorkEnded ?? Task.CompletedTask;
            await work.WaitAsync(services.Options.StopGrace, services.Time)
                .ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            var isDisowned = !work.IsCompleted;
            await Undone;
            return isDisowned;
        }
    }
}

/// <summary>The run that a thread has at work.</summary>
/// <param name="Ref">Its actor.</param>
/// <param name="Holder">The attempt.</param>
/// <param name="Position">Where the thread stood when it was last told to go on.</param>
/// <param name="WorkEnded">Completes when it was stopped and nothing of it is at work any more.</param>
internal sealed record RunChild(IActorRef Ref, Holder Holder, ThreadPosition Position, Task WorkEnded);
