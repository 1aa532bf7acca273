using Akka.Actor;
using Akka.Event;

namespace ActorRuns.Crons;

/// <summary>
/// Creates the runs of crons when they are due: looks for those at start, when crons have changed, and at the next slot
/// of all. One round at a time. Several members may do so on one store: a slot is one run, whoever creates it.
/// </summary>
internal sealed class CronActor : UntypedActor, IWithTimers
{
    // Clocks are put right now and then, and timers do not notice.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // Crons that other members change are not heard of.
    private static readonly TimeSpan LongestTimerAmongOthers = TimeSpan.FromSeconds(5);

    private readonly CronRound _round;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private bool _isUnderWay;
    private bool _isAskedAgain;

    public CronActor(CronRound round, TimeProvider time)
    {
        _round = round;
        _time = time;
    }

    public static Props Props(CronRound round, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new CronActor(round, time));

    public ITimerScheduler Timers { get; set; } = null!; // The engine sets it before the first message.

    protected override void PreStart() => Self.Tell(new FireDueCrons());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FireDueCrons when _isUnderWay:
                _isAskedAgain = true; // What has changed may have been read before it did.
                break;
            case FireDueCrons:
                Begin();
                break;
            case RoundEnded(var outcome):
                End(outcome);
                break;
            case RoundFailed(var cause):
                _log.Warning("Crons could not be fired and are tried again in {0}: {1}", RetryAfter, cause.Message);
                End(new CronRoundOutcome(NextAt: null, IsComplete: false));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin()
    {
        _isUnderWay = true;
        _ = _round.RunAsync(_log).PipeTo(
            Self, success: outcome => new RoundEnded(outcome), failure: cause => new RoundFailed(cause));
    }

    private void End(CronRoundOutcome outcome)
    {
        _isUnderWay = false;
        if (_isAskedAgain)
        {
            _isAskedAgain = false;
            Begin();
        }
        else
        {
            if (!outcome.IsComplete)
                Wait(RetryAfter);
            else if (outcome.NextAt is { } next)
                Wait(next - _time.GetUtcNow());
            else if (_round.IsShared)
                Wait(LongestTimerAmongOthers);
            Context.System.EventStream.Publish(new CronsAtRest());
        }
    }

    private void Wait(TimeSpan delay)
    {
        var longest = _round.IsShared ? LongestTimerAmongOthers : LongestTimer;
        delay = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > longest ? longest : delay;
        Timers.StartSingleTimer(nameof(FireDueCrons), new FireDueCrons(), delay);
    }

    private sealed record RoundEnded(CronRoundOutcome Outcome);

    private sealed record RoundFailed(Exception Cause);
}

/// <summary>Creates the runs that are due, and those whose crons have changed when they are.</summary>
internal sealed record FireDueCrons;

/// <summary>Tells on the event stream that what is due was fired, and the next time is waited for.</summary>
internal sealed record CronsAtRest;
