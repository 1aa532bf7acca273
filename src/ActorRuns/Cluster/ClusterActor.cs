using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using ActorRuns.Hosting;
using ActorRuns.Threads;

namespace ActorRuns.Cluster;

/// <summary>
/// Keeps this member's place in the cluster: renews its leases, takes its fair share of the shards, gives back what is
/// beyond it, and stops at once what it may not execute any more. It asks for one thing at a time.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source is cancelled when the actor stops, and has no timer.")]
internal sealed class ClusterActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookForWorkEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly ClusterSeat _seat;
    private readonly ShardMap _map;
    private readonly IActorRef _threads;
    private readonly RuntimeServices _services;
    private readonly LeaseTerms _terms;
    private readonly MonotonicClock _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<Shard, ShardPermit> _permits = [];

    private Member _self;
    private HeldLeases _held = HeldLeases.None;
    private LeaseView _view = LeaseView.Empty;
    private ImmutableHashSet<Shard> _draining = [];
    private ImmutableHashSet<Shard> _stopped = [];
    private IActorRef? _leaver;
    private bool _isBusy;
    private bool _isDue;
    private bool _hasLeft;
    private bool _isWaking;
    private TimeSpan _wakeAt;

    public ClusterActor(ClusterSeat seat, ShardMap map, IActorRef threads, RuntimeServices services)
    {
        _seat = seat;
        _map = map;
        _self = map.Self!; // A runtime that is alone has no such actor.
        _threads = threads;
        _services = services;
        _terms = new LeaseTerms(services.Options.Cluster.Ttl);
        _clock = new MonotonicClock(services.Time);
    }

    public static Props Props(ClusterSeat seat, ShardMap map, IActorRef threads, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new ClusterActor(seat, map, threads, services));

    public ITimerScheduler Timers { get; set; } = null!; // The engine sets it before the first message.

    protected override void PreStart()
    {
        Self.Tell(new Renew());
        Watch();
    }

    protected override void PostStop() => _ = _stopping.CancelAsync();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Renew:
                _isDue = true;
                Next();
                break;
            case Answered(var sentAt, var view):
                _isBusy = false;
                Take(sentAt, view);
                Next();
                break;
            case Failed(var cause):
                _isBusy = false;
                Let(_held.Expire(_clock.Now)); // A timer may be late, of a process that was held up above all.
                Publish();
                _log.Warning("The leases of member {0} could not be renewed and are tried again in {1}; until {2} from "
                    + "now nothing stops: {3}", _self.Id, RetryAfter, _held.NextStopAt - _clock.Now, cause.Message);
                Timers.StartSingleTimer(nameof(Renew), new Renew(), RetryAfter);
                break;
            case Released(var shards):
                _isBusy = false;
                Forget(shards);
                Next();
                break;
            case ShardsStopped(var shards):
                _stopped = _stopped.Union(shards.Intersect(_draining));
                _draining = _draining.Except(shards);
                Next();
                break;
            case StopOverdue:
                Let(_held.Expire(_clock.Now));
                Publish();
                break;
            case EndDrain(var shards) when !shards.Intersect(_draining).IsEmpty:
                _threads.Tell(new AbandonShards(shards.Intersect(_draining)), Self);
                break;
            case EndDrain:
                break;
            case ThreadsFound(var threads, var isAfterGain):
                _isWaking = false;
                foreach (var thread in threads.Where(_map.IsMine))
                    _threads.Tell(isAfterGain ? new WakeThread(thread) : new AskForWork(thread), Self);
                if (_wakeAt == TimeSpan.Zero)
                    WakeThreads(_clock.Now, isAfterGain: true);
                break;
            case ThreadsNotFound(var cause):
                _isWaking = false;
                _wakeAt = TimeSpan.Zero; // With the next answer.
                _log.Warning("The threads with something to do could not be found and are looked for again: {0}",
                    cause.Message);
                break;
            case SomethingChanged(var isHeard):
                if (isHeard)
                    Self.Tell(new Renew());
                Watch();
                break;
            case ChangesUnheard:
                Timers.StartSingleTimer(nameof(Watch), new SomethingChanged(IsHeard: false), _terms.RenewEvery);
                break;
            case LeaveCluster:
                BeginLeaving(Sender);
                break;
            case Left:
                _isBusy = false;
                _hasLeft = true;
                _leaver?.Tell(new ClusterLeft());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Does the next thing that is to be done, when nothing is under way.</summary>
    private void Next()
    {
        if (_isBusy || _hasLeft)
            return;

        if (!_stopped.IsEmpty)
            Begin(ReleaseAsync(_stopped, _held, _self.Id));
        else if (_self.IsLeaving && _held.All.Count is 0)
            Begin(LeaveAsync(_self.Id));
        else if (_isDue)
            Begin(RenewAsync(new LeaseRequest(_self, _terms.Ttl, _held.All, LoadNow()), _clock.Now));
    }

    private void Begin(Task<object> work)
    {
        _isBusy = true;
        _ = work.PipeTo(Self, failure: cause => new Failed(cause));
    }

    private async Task<object> RenewAsync(LeaseRequest request, TimeSpan sentAt)
    {
        _isDue = false;
        using var timeout = new CancellationTokenSource(_terms.RenewEvery, _services.Time);
        return new Answered(sentAt, await _seat.Leases.RenewAsync(request, timeout.Token));
    }

    private async Task<object> ReleaseAsync(ImmutableHashSet<Shard> shards, HeldLeases held, MemberId self)
    {
        using var timeout = new CancellationTokenSource(_terms.RenewEvery, _services.Time);
        var leases = shards.Select(held.Of).OfType<HeldLease>().ToList();
        await _seat.Leases.ReleaseAsync(self, leases, timeout.Token);
        return new Released(shards);
    }

    private async Task<object> LeaveAsync(MemberId self)
    {
        using var timeout = new CancellationTokenSource(_terms.RenewEvery, _services.Time);
        await _seat.Leases.LeaveAsync(self, timeout.Token);
        return new Left();
    }

    /// <summary>Makes what is executed here match what the database says is ours.</summary>
    private void Take(TimeSpan sentAt, LeaseView view)
    {
        _view = view;
        var now = _clock.Now;
        var mine = view.Leases.Where(lease => lease.Owner == _self.Id).ToList();
        var change = _held.Answered(mine, sentAt, now, _terms);
        Let(change);
        foreach (var lease in change.Gained)
            _permits[lease.Shard] = new ShardPermit(lease.Shard, lease.Epoch, _clock);
        foreach (var lease in _held.All)
            _permits[lease.Shard].LiveUntil(lease.StopAt);
        Publish();

        if (!change.Gained.IsEmpty)
            _log.Info("Member {0} owns {1} of {2} shards", _self.Id, _held.All.Count, Shard.Count);
        var open = _held.All.Where(lease => _permits[lease.Shard].IsOpen).ToList();
        GiveBack([.. FairShare.Surplus(_self.Id, MembersOf(view), open)]);
        if (!change.Gained.IsEmpty)
            WakeThreads(now, isAfterGain: true);
        else if (now >= _wakeAt)
            WakeThreads(now, isAfterGain: false);
        Timers.StartSingleTimer(nameof(Renew), new Renew(), PauseAfter(view));
    }

    /// <summary>The members as they are, and this one as it knows itself to be.</summary>
    private IEnumerable<Member> MembersOf(LeaseView view) =>
        view.Members.Select(member => member.Member.Id == _self.Id ? _self : member.Member);

    /// <summary>
    /// Until the next renewal; earlier, if the shards of somebody who is silent become free before it.
    /// </summary>
    private TimeSpan PauseAfter(LeaseView view)
    {
        var others = view.Leases.Where(lease => lease.Owner is { } owner && owner != _self.Id).ToList();
        var free = others.Count is 0 ? _terms.RenewEvery : others.Min(lease => lease.ExpiresIn) + Soon;
        return free < _terms.RenewEvery ? free : _terms.RenewEvery;
    }

    /// <summary>Lets go of what is not ours any more: nothing of it goes on, and nothing of it is told.</summary>
    private void Let(LeaseChange change)
    {
        _held = change.Held;
        if (_held.NextStopAt is { } stopAt)
            Timers.StartSingleTimer(nameof(StopOverdue), new StopOverdue(), stopAt - _clock.Now);
        if (change.Lost.IsEmpty)
            return;

        var lost = change.Lost.Select(lease => lease.Shard).ToImmutableHashSet();
        foreach (var shard in lost)
            _permits[shard].LiveUntil(TimeSpan.Zero);
        Forget(lost, released: false);
        _threads.Tell(new AbandonShards(lost), Self);
        _log.Warning("Member {0} has lost {1} shards; their threads are stopped", _self.Id, lost.Count);
    }

    private void Forget(ImmutableHashSet<Shard> shards, bool released = true)
    {
        foreach (var shard in shards)
            _permits.Remove(shard);
        _draining = _draining.Except(shards);
        _stopped = _stopped.Except(shards);
        if (!released)
            return;

        _held = _held.Without(shards);
        Publish();
    }

    private void GiveBack(ImmutableHashSet<Shard> shards)
    {
        if (shards.IsEmpty)
            return;

        foreach (var shard in shards)
            _permits[shard].Close();
        _draining = _draining.Union(shards);
        Publish();
        _log.Info("Member {0} gives back {1} shards", _self.Id, shards.Count);
        _threads.Tell(new DrainShards(shards), Self);
        var key = $"{nameof(EndDrain)}-{shards.Min(shard => shard.Number)}";
        Timers.StartSingleTimer(key, new EndDrain(shards), _services.Options.Cluster.Drain);
    }

    private void BeginLeaving(IActorRef leaver)
    {
        _leaver = leaver;
        if (_hasLeft)
        {
            leaver.Tell(new ClusterLeft());
            return;
        }

        _self = _self with { IsLeaving = true };
        _isDue = true; // The others are told at once, and take over what becomes free.
        GiveBack([.. _held.All.Select(lease => lease.Shard).Where(shard => _permits[shard].IsOpen)]);
        Next();
    }

    /// <summary>Starts the threads of our shards that have something to do.</summary>
    private void WakeThreads(TimeSpan now, bool isAfterGain)
    {
        if (_isWaking)
        {
            _wakeAt = isAfterGain ? TimeSpan.Zero : _wakeAt; // What is gained is looked for after that.
            return;
        }

        _isWaking = true;
        _wakeAt = now + LookForWorkEvery;
        _ = _services.Index.FindUnfinishedAsync(_stopping.Token).PipeTo<IReadOnlyList<ThreadId>>(
            Self,
            success: threads => new ThreadsFound(threads, isAfterGain),
            failure: cause => new ThreadsNotFound(cause));
    }

    private void Watch() => _ = WatchAsync().PipeTo(Self, failure: _ => new ChangesUnheard());

    private async Task<object> WatchAsync()
    {
        await _seat.Leases.WaitForChangeAsync(_stopping.Token);
        return new SomethingChanged(IsHeard: true);
    }

    private void Publish() => _map.Set(_permits, _view);

    private MemberLoad LoadNow() => _services.Meter.Load;

    private sealed record Renew;

    private sealed record Answered(TimeSpan SentAt, LeaseView View);

    private sealed record Failed(Exception Cause);

    private sealed record Released(ImmutableHashSet<Shard> Shards);

    private sealed record Left;

    private sealed record StopOverdue;

    private sealed record EndDrain(ImmutableHashSet<Shard> Shards);

    private sealed record ThreadsFound(IReadOnlyList<ThreadId> Threads, bool IsAfterGain);

    private sealed record ThreadsNotFound(Exception Cause);

    private sealed record SomethingChanged(bool IsHeard);

    private sealed record ChangesUnheard;
}
