using System.Collections.Immutable;
using ActorRuns.Runs;

namespace ActorRuns.Domain.Tests.Invariants;

/// <summary>
/// The rules once more, in the plainest form: no events, no drafts, whole states kept and put back. The decider must
/// come to the same threads.
/// </summary>
internal sealed partial class ReferenceThread(int maxAttempts)
{
    private readonly SortedDictionary<int, ReferenceRun> _runs = [];
    private readonly List<int> _queue = [];
    private ReferenceState _state = ReferenceState.Empty;
    private ReferenceState _before = ReferenceState.Empty;
    private ImmutableList<Spoken> _working = [];
    private bool _streaming;
    private bool _lastFailed;
    private bool _hasGraph;
    private int _revisions;

    /// <summary>Where the thread stands, to go on from later.</summary>
    public ReferenceState State => _state;

    /// <summary>The runs that wait, the one that is next first.</summary>
    public IReadOnlyList<int> Queue => _queue;

    /// <summary>The run that has the thread; 0 for none.</summary>
    public int Holder { get; private set; }

    public int Attempt { get; private set; }

    /// <summary>The runs that anyone ever submitted and was not refused, with what became of them.</summary>
    public IEnumerable<KeyValuePair<int, string>> Fates =>
        _runs.Select(run => KeyValuePair.Create(run.Key, run.Value.Fate));

    public IEnumerable<int> Visible => _runs.Where(run => run.Value.Fate is not "gone").Select(run => run.Key);

    /// <summary>All that can be seen of the thread save its runs, in one line.</summary>
    public string Description =>
        $"{Status} holder {Holder}.{Attempt} queue [{string.Join(' ', _queue)}] next [{_state.Next}]" +
        $" asked [{string.Join(' ', _state.Questions)}] answered [{string.Join(' ', _state.Answers)}]" +
        $" finished [{string.Join(' ', _state.Finished)}]" +
        $" state [{Spoken.Write(_state.Transcript)}] working [{Spoken.Write(_working)}]";

    private string Status =>
        Holder > 0 || _queue.Count > 0 ? "busy" : _state.Waits ? "interrupted" : _lastFailed ? "error" : "idle";

    public void Edit(int number, string? asNode, ReferenceState? from)
    {
        if (Status is "busy" || !(_hasGraph || Visible.Any()))
            return;

        var state = from ?? _state;
        var node = asNode ?? state.Ran;
        var next = node switch
        {
            "agent" => Spoken.HasOpen(state.Transcript) ? "tools" : "",
            _ => "agent",
        };
        var stays = from is null && next == _state.Next && node != _state.Next;
        _working = state.Transcript.Add(Spoken.Human(number));
        if (!stays)
            _state = ReferenceState.Empty with { Next = next };
        _state = _state with { Ran = node };
        Revise();
    }

    public void DeleteRun(int number, DateTimeOffset now)
    {
        if (_runs[number].Fate is "pending" or "running")
            Stop(CarrierOf(number), "interrupted, cancelled", keepsWhatWasSaid: false);
        Part(number);
        _runs[number].Fate = "gone";
        _hasGraph = true;
        StartDue(now);
    }

    public void DeleteThread()
    {
        _runs.Clear();
        _queue.Clear();
        _state = ReferenceState.Empty;
        _working = [];
        (Holder, Attempt, _streaming, _lastFailed, _hasGraph) = (0, 0, false, false, false);
    }

    public void Crash(DateTimeOffset now)
    {
        _streaming = false;
        TakeOver(now);
    }

    public void TakeOver(DateTimeOffset now)
    {
        TimeOut(now);
        _streaming = false;
        if (Holder > 0 && Attempt < maxAttempts)
            Attempt++;
        else if (Holder > 0)
            Fail("error, worker lost");
        StartDue(now);
    }

    public void TimePasses(DateTimeOffset now)
    {
        TimeOut(now);
        StartDue(now);
    }

    private void StartDue(DateTimeOffset now)
    {
        while (Holder is 0 && _queue.Find(run => _runs[run].DueAt <= now) is var due and > 0)
        {
            _runs[due].StartedAt = now;
            Start(due);
        }
    }

    private void TimeOut(DateTimeOffset now)
    {
        if (Holder > 0 && _runs[Holder] is { Limit.Ticks: > 0 } run && run.StartedAt + run.Limit <= now)
            Stop(Holder, "timeout, timed out", keepsWhatWasSaid: false);
    }

    public void Calls(int tools, bool starts)
    {
        _working = _working.Add(new Spoken("A" + new string('*', tools), [.. Enumerable.Repeat("", tools)]));
        Step("tools", ran: "agent");
        if (starts)
            _working = Spoken.Start(_working, last: true);
    }

    public void CallsAndPauses(DateTimeOffset now)
    {
        Calls(tools: 1, starts: false);
        Pause([], now);
    }

    public void Streams() => _streaming = true;

    public void Answers(DateTimeOffset now)
    {
        _working = _working.Add(new Spoken("A", []));
        Step(next: "", ran: "agent");
        End("success", now);
    }

    public void ToolAnswers() => _working = Spoken.AnswerFirst(_working);

    public void ToolsEnd(DateTimeOffset now)
    {
        _working = Spoken.AnswerAll(_working);
        Hear(() => Step("agent", ran: "tools"), now);
    }

    public void NodeFinishes() =>
        _state = _state with { Finished = [.. _state.Finished.Append(_state.Next).Distinct()] };

    public void Pause(IEnumerable<string> questions, DateTimeOffset now)
    {
        Settle();
        _state = _state with { Waits = true, Questions = [.. questions] };
        End("success, asked", now);
    }

    public void Fails(DateTimeOffset now)
    {
        Fail("error");
        StartDue(now);
    }

    private void Start(int number)
    {
        _queue.Remove(number);
        _runs[number].Fate = "running";
        _before = _state;
        (Holder, Attempt) = (number, 1);
        foreach (var joined in _runs[number].Joined)
            _runs[joined].Fate = "running";
        var (errand, fork) = (_runs[number].Errand, _runs[number].Fork);
        if (fork is not null && fork.Revision != _state.Revision)
        {
            _state = ReferenceState.Empty with
            {
                Transcript = fork.Transcript, Next = fork.Next, Ran = fork.Ran, Revision = fork.Revision,
            };
            _working = _state.Transcript;
        }

        if (AnswersNobody(_runs[number]))
        {
            Fail("error");
            return;
        }

        switch (errand)
        {
            case Errand.Say:
                _working = Spoken.Close(_working);
                Say(number);
                Step("agent", ran: ReferenceState.Start);
                break;
            case Errand.GoOn when fork is not null:
                Step(_state.Next, _state.Ran);
                break;
            case Errand.AnswerAll or Errand.AnswerOne when !_state.Questions.IsEmpty:
                var named = errand is Errand.AnswerOne && _state.Questions.Contains("one");
                var answered = named ? ["one"] : _state.Questions;
                _state = _state with
                {
                    Waits = false,
                    Questions = _state.Questions.Except(answered),
                    Answers = _state.Answers.Union(answered),
                };
                break;
            case Errand.Update:
                _working = _working.Add(Spoken.Human(number));
                Revise();
                break;
            case Errand.GoToTools or Errand.GoToEnd:
                GoTo(errand is Errand.GoToTools ? "tools" : "");
                break;
        }

        if (errand is Errand.Update || _state.Next is "")
            Leave("success");
        else if (_state.Next is "tools")
            _working = Spoken.Start(_working, last: false);
    }

    private bool AnswersNobody(ReferenceRun run) => run.Errand is Errand.AnswerAll or Errand.AnswerOne
        && (!_state.Waits || (run.Fork is { } fork && fork.Revision != _state.Revision));

    private void GoTo(string node)
    {
        if (node != _state.Next)
            Step(node, _state.Ran);
        else
            Revise();
    }

    private void Step(string next, string ran)
    {
        _state = ReferenceState.Empty with { Next = next, Ran = ran };
        _streaming = false;
        Revise();
    }

    /// <summary>What was written so far becomes the state.</summary>
    private void Revise() => _state = _state with { Transcript = _working, Revision = ++_revisions };

    /// <summary>What was written by a step that will never be complete becomes the state.</summary>
    private void Settle()
    {
        if (_working != _state.Transcript)
            Revise();
    }

    private void Fail(string fate)
    {
        _working = Spoken.Close(_working);
        Settle();
        _state = _state with { Waits = false, Questions = [] };
        Leave(fate);
    }

    private void End(string fate, DateTimeOffset now)
    {
        Leave(fate);
        StartDue(now);
    }

    private void Leave(string fate)
    {
        End(Holder, fate);
        _lastFailed = fate.StartsWith("error", StringComparison.Ordinal)
            || fate.StartsWith("timeout", StringComparison.Ordinal);
        (Holder, Attempt, _streaming) = (0, 0, false);
        _working = _state.Transcript;
    }

}

/// <summary>
/// A run: what it was sent for, the older state it goes on from, if any, when it is due, and how long it may take.
/// </summary>
internal sealed record ReferenceRun(Errand Errand, ReferenceState? Fork, DateTimeOffset DueAt, TimeSpan Limit)
{
    public MultitaskStrategy Strategy { get; init; }

    /// <summary>True when the run at work is to hear it.</summary>
    public bool Steers { get; init; }

    /// <summary>True when it waits for others that belong to it.</summary>
    public bool Gathers { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The run that it has become part of; 0 for none.</summary>
    public int JoinedTo { get; init; }

    public ImmutableList<int> Joined { get; init; } = [];

    public string Fate { get; set; } = "pending";

    public DateTimeOffset StartedAt { get; set; }
}

/// <summary>Where a thread stands.</summary>
internal sealed record ReferenceState(
    ImmutableList<Spoken> Transcript,
    string Next,
    string Ran,
    bool Waits,
    ImmutableSortedSet<string> Questions,
    ImmutableSortedSet<string> Answers)
{
    public const string Start = "start";

    public static ReferenceState Empty { get; } = new([], "", Start, false, [], []);

    /// <summary>The nodes that are next and done.</summary>
    public ImmutableList<string> Finished { get; init; } = [];

    /// <summary>Which revision it is, counted from 1; 0 before the first.</summary>
    public int Revision { get; init; }
}

/// <summary>What was said, with what became of the tools it asked for: nothing yet, started, or a result.</summary>
internal sealed record Spoken(string Text, ImmutableList<string> Calls)
{
    private const string Started = "started";

    public static bool HasOpen(ImmutableList<Spoken> transcript) => transcript.Exists(spoken => spoken.IsOpen);

    private bool IsOpen => Calls.Exists(call => call is "" or Started);

    public static Spoken Human(int number) => new($"H{number}", []);

    public static string Write(ImmutableList<Spoken> transcript) => string.Join(' ', transcript.SelectMany(
        spoken => spoken.Calls.Where(call => call is not ("" or Started)).Prepend(spoken.Text)));

    public static ImmutableList<Spoken> Start(ImmutableList<Spoken> transcript, bool last) =>
        Change(transcript, spoken => !last || spoken == transcript[^1], call => call is "" ? Started : call);

    public static ImmutableList<Spoken> Close(ImmutableList<Spoken> transcript) =>
        Change(transcript, _ => true, call => call switch { "" => "T-", Started => "T?", _ => call });

    public static ImmutableList<Spoken> AnswerAll(ImmutableList<Spoken> transcript) =>
        Change(transcript, _ => true, call => call is "" or Started ? "T" : call);

    public static ImmutableList<Spoken> AnswerFirst(ImmutableList<Spoken> transcript)
    {
        var at = transcript.FindIndex(spoken => spoken.IsOpen);
        var asking = transcript[at];
        var call = asking.Calls.FindIndex(call => call is "" or Started);
        return transcript.SetItem(at, asking with { Calls = asking.Calls.SetItem(call, "T") });
    }

    private static ImmutableList<Spoken> Change(
        ImmutableList<Spoken> transcript, Func<Spoken, bool> applies, Func<string, string> change) =>
        transcript.Exists(spoken => applies(spoken) && spoken.Calls.Exists(call => change(call) != call))
            ? transcript.ConvertAll(spoken => applies(spoken)
                ? spoken with { Calls = spoken.Calls.ConvertAll(call => change(call)) }
                : spoken)
            : transcript;
}
