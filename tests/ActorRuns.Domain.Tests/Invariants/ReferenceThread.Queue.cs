using System.Collections.Immutable;
using ActorRuns.Runs;

namespace ActorRuns.Domain.Tests.Invariants;

/// <content>Runs that wait: edited, put into another order, gathered, and heard by the run at work.</content>
internal sealed partial class ReferenceThread
{
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan AtMost = TimeSpan.FromSeconds(3);

    /// <summary>The runs that have not begun, those that joined others included.</summary>
    public IEnumerable<int> Waiting => _runs.Where(run => run.Value.Fate is "pending").Select(run => run.Key);

    public void Submit(int number, ReferenceRun run, DateTimeOffset now)
    {
        List<int> inFlight = Holder > 0 ? [Holder, .. _queue] : [.. _queue];
        if (run.Strategy is MultitaskStrategy.Reject && inFlight.Count > 0)
            return;
        if (run.Steers && (run.Errand, run.Fork, run.Strategy) is not (Errand.Say, null, MultitaskStrategy.Enqueue))
            return;
        if (inFlight.Count is 0 && AnswersNobody(run))
            return;

        var gathers = run.Gathers && run.Errand is Errand.Say && run.Fork is null && run.DueAt <= now
            && !(run.Steers && Holder > 0);
        run = run with { Gathers = gathers, DueAt = gathers ? now + Quiet : run.DueAt };
        var open = gathers && run.Strategy is MultitaskStrategy.Enqueue or MultitaskStrategy.Interrupt
            ? _queue.Find(other => IsOpenFor(_runs[other], run, now))
            : 0;
        _runs.Add(number, run);
        _queue.Add(number);
        foreach (var other in inFlight.Where(other => other != open))
        {
            if (run.Strategy is MultitaskStrategy.Rollback)
                Undo(other, _runs[other].Joined);
            else if (run.Strategy is MultitaskStrategy.Interrupt)
                Stop(other, $"interrupted by {(open > 0 ? open : number)}", keepsWhatWasSaid: true);
        }

        if (open > 0)
        {
            Join(number, open);
            var last = _runs[open].CreatedAt + AtMost;
            var due = now + Quiet < last ? now + Quiet : last;
            _runs[open] = _runs[open] with { DueAt = due > _runs[open].DueAt ? due : _runs[open].DueAt };
        }

        StartDue(now);
    }

    public void EditRun(int number, Errand errand, TimeSpan? delay, DateTimeOffset now)
    {
        var run = _runs[number];
        if (run.Fate is not "pending" || (run.JoinedTo > 0 && delay is not null))
            return;
        if ((run.JoinedTo > 0 || !run.Joined.IsEmpty || run.Steers) && errand is not Errand.Say)
            return;

        _runs[number] = run with { Errand = errand, DueAt = now + delay ?? run.DueAt };
        StartDue(now);
    }

    public void Reorder(List<int> runs)
    {
        if (!_queue.Order().SequenceEqual(runs.Order()))
            return;

        _queue.Clear();
        _queue.AddRange(runs);
    }

    public void Promote(int number, MultitaskStrategy over, DateTimeOffset now)
    {
        var run = _runs[number].JoinedTo is > 0 and var carrier ? carrier : number;
        if (Holder > 0 && over is MultitaskStrategy.Rollback)
            Undo(Holder, []);
        _queue.Remove(run);
        _queue.Insert(0, run);
        if (_runs[run].DueAt > now)
            _runs[run] = _runs[run] with { DueAt = now };
        if (Holder > 0 && over is MultitaskStrategy.Interrupt)
            Stop(Holder, $"interrupted by {run}", keepsWhatWasSaid: true);
        StartDue(now);
    }

    public void Cancel(List<int> runs, bool undo, DateTimeOffset now)
    {
        foreach (var run in runs.Where(run => _runs[run].Fate is "pending" or "running"))
        {
            var carrier = CarrierOf(run);
            if (undo)
                Undo(carrier, runs);
            else
                Stop(carrier, "interrupted, cancelled", keepsWhatWasSaid: false);
        }

        StartDue(now);
    }

    private static bool IsOpenFor(ReferenceRun open, ReferenceRun run, DateTimeOffset now) =>
        open.Gathers && open.Errand is Errand.Say && open.DueAt > now && open.Limit == run.Limit
        && open.Strategy == run.Strategy && open.Steers == run.Steers;

    private int CarrierOf(int run) => _runs[run] is { Fate: "running", JoinedTo: > 0 and var carrier } ? carrier : run;

    private void Join(int run, int carrier)
    {
        ImmutableList<int> joining = [run, .. _runs[run].Joined];
        _queue.Remove(run);
        foreach (var each in joining)
        {
            _runs[each] = _runs[each] with { JoinedTo = carrier, Joined = [] };
            _runs[each].Fate = _runs[carrier].Fate;
        }

        _runs[carrier] = _runs[carrier] with { Joined = _runs[carrier].Joined.AddRange(joining) };
    }

    /// <summary>What steers comes behind the tools' results, and is the holder's from then on.</summary>
    private void Hear(Action step, DateTimeOffset now)
    {
        var heard = _queue.FindAll(run => _runs[run].Steers && _runs[run].DueAt <= now);
        foreach (var run in heard)
            Say(run);
        step();
        foreach (var run in heard)
            Join(run, Holder);
    }

    private void Say(int number)
    {
        foreach (var run in _runs[number].Joined.Prepend(number).Where(run => _runs[run].Errand is Errand.Say))
            _working = _working.Add(Spoken.Human(run));
    }

    private void Part(int number)
    {
        if (_runs[number].JoinedTo is > 0 and var carrier && _runs.TryGetValue(carrier, out var left))
            _runs[carrier] = left with { Joined = left.Joined.Remove(number) };
        _runs[number] = _runs[number] with { JoinedTo = 0 };
    }

    private void Requeue(int carrier)
    {
        var place = _queue.IndexOf(carrier) + 1;
        var joined = _runs[carrier].Joined;
        foreach (var run in joined)
        {
            Part(run);
            _runs[run].Fate = "pending";
        }

        _queue.InsertRange(place, joined);
    }

    private void End(int number, string fate)
    {
        _runs[number].Fate = fate;
        foreach (var joined in _runs[number].Joined)
            _runs[joined].Fate = $"{fate.Split(' ', ',')[0]}, joined {number}";
    }

    private void Stop(int number, string fate, bool keepsWhatWasSaid)
    {
        if (number == Holder)
        {
            _working = Spoken.Close(_streaming ? _working.Add(new Spoken("A~", [])) : _working);
            Settle();
            _state = _state with { Waits = false, Questions = [] };
            Leave(fate);
            return;
        }

        if (keepsWhatWasSaid)
        {
            Say(number);
            Settle();
        }
        else
        {
            Requeue(number);
        }

        Part(number);
        _queue.Remove(number);
        End(number, fate);
    }

    private void Undo(int number, IReadOnlyCollection<int> others)
    {
        foreach (var joined in _runs[number].Joined.Where(others.Contains))
        {
            Part(joined);
            _runs[joined].Fate = "gone";
        }

        Requeue(number);
        Part(number);
        _queue.Remove(number);
        _runs[number].Fate = "gone";
        if (number == Holder)
        {
            (Holder, Attempt, _streaming) = (0, 0, false);
            _state = _before;
            _working = _state.Transcript;
        }
    }
}
