using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using ActorRuns.Hosting;
using ActorRuns.Threads;

namespace ActorRuns.Webhooks;

/// <summary>
/// Tells one webhook of the end of one run: tries until it has taken the word, with growing pauses, and a bounded
/// number of times. Then it tells the thread, which records what came of it and stops this actor. A process that is
/// lost in between begins anew, so that the webhook may be told twice; what it is told has the same id.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer holds nothing to dispose of.")]
internal sealed class WebhookActor : UntypedActor, IWithTimers
{
    private readonly ThreadId _thread;
    private readonly OwedWebhook _owed;
    private readonly RuntimeServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopped = new();

    private int _attempt;

    public WebhookActor(ThreadId thread, OwedWebhook owed, RuntimeServices services)
    {
        _thread = thread;
        _owed = owed;
        _services = services;
    }

    public static Props Props(ThreadId thread, OwedWebhook owed, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new WebhookActor(thread, owed, services));

    public ITimerScheduler Timers { get; set; } = null!; // The engine sets it before the first message.

    private WebhookOptions Options => _services.Options.Webhooks;

    protected override void PreStart() => Send();

    protected override void PostStop() => _ = _stopped.CancelAsync();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TryAgain:
                Send();
                break;
            case WebhookAnswer.Taken:
                Settle(failure: null);
                break;
            case WebhookAnswer.NotTaken(var reason, var mayRetry) when !mayRetry || _attempt >= Options.MaxAttempts:
                _log.Warning("The webhook of run {0} of thread {1} is given up after attempt {2}: {3}",
                    _owed.Run.Id, _thread, _attempt, reason);
                Settle(reason);
                break;
            case WebhookAnswer.NotTaken(var reason, _):
                _log.Info("The webhook of run {0} is tried again after attempt {1}: {2}",
                    _owed.Run.Id, _attempt, reason);
                Timers.StartSingleTimer(nameof(TryAgain), new TryAgain(), Options.PauseAfter(_attempt));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Send()
    {
        _attempt++;
        _ = _services.Webhooks.SendAsync(_thread, _owed, _stopped.Token).PipeTo<WebhookAnswer>(
            Self, failure: cause => new WebhookAnswer.NotTaken(cause.Message, MayRetry: true));
    }

    private void Settle(string? failure) =>
        Context.Parent.Tell(new ThreadCommand.SettleWebhook(_owed.Run.Id, _attempt, failure));

    private sealed record TryAgain;
}
