using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests.Invariants;

/// <summary>Plays moves on a thread and on the reference, and compares them after each.</summary>
internal sealed class Rehearsal
{
    private static readonly JsonElement Value = JsonElement.Parse("7");
    private static readonly JsonElement MapOfOne = JsonElement.Parse("""{"ask-one":1}""");

    private readonly Scene _scene = new() { Graphs = new TestGraphs(TestGraphs.Agent with { ToolNodes = ["tools"] }) };
    private readonly ReferenceThread _reference;
    private readonly List<string> _script = [];
    private Holder? _lastHolder;
    private readonly List<(Checkpoint Head, ReferenceState State)> _bookmarks = [];
    private int _submitted;

    private Rehearsal() => _reference = new ReferenceThread(_scene.Policy.MaxAttempts);

    private bool HasOpenCall => !_scene.Ledger.Working.OpenCalls.IsEmpty;

    /// <summary>Plays all moves.</summary>
    /// <returns>What went wrong and the way there; null when nothing did.</returns>
    public static string? Play(IEnumerable<Move> moves)
    {
        var rehearsal = new Rehearsal();
        try
        {
            foreach (var move in moves)
                rehearsal.Play(move);
            rehearsal.ReadBack();
            return null;
        }
#pragma warning disable CA1031 // Whatever a rule throws is a finding like any other.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return $"{string.Join('\n', rehearsal._script)}\n{failure.Message}";
        }
    }

    private void Play(Move move)
    {
        var (words, act, expect) = Understand(move);
        _script.Add(move.IsLost ? $"{words}, and the process dies before it is durable" : words);
        var (before, recorded) = (_scene.Ledger, _scene.Journal.Count);

        _scene.JournalIsDown = move.IsLost;
        act();
        _scene.JournalIsDown = false;
        if (move.IsLost)
            Crash();
        else
            expect();

        if (_scene.Journal.Count > recorded)
            Laws.Check(before, _scene.Journal[recorded..].SelectMany(batch => batch), _scene.Ledger, _scene.Now);
        Assert.Equal(_reference.Description, Picture.Outline(_scene.Ledger));
        foreach (var (run, fate) in _reference.Fates)
            Assert.True(fate == _scene[run], $"Run {run} is {_scene[run]}; it should be {fate}.");
        _lastHolder = _scene.Ledger.Holder ?? _lastHolder;
        Bookmark();
    }

    /// <summary>Remembers where the thread stands, as a place to go on from later.</summary>
    private void Bookmark()
    {
        if (!_scene.Ledger.Exists)
            _bookmarks.Clear();
        else if (_scene.Ledger.Position.Head is { } head && !_bookmarks.Exists(known => known.Head.Id == head.Id))
            _bookmarks.Add((head, _reference.State));
    }

    private (string Words, Action Act, Action Expect) Understand(Move move) => move.Kind switch
    {
        MoveKind.Submit => Submit(move.Dice),
        MoveKind.SubmitAgain => SubmitAgain(move.Dice),
        MoveKind.Cancel or MoveKind.Undo => Cancel(move.Dice, undo: move.Kind is MoveKind.Undo),
        MoveKind.Edit => Edit(move.Dice),
        MoveKind.DeleteRun => DeleteRun(move.Dice),
        MoveKind.EditRun => EditRun(move.Dice),
        MoveKind.Reorder => Reorder(move.Dice),
        MoveKind.Promote => Promote(move.Dice),
        MoveKind.DeleteThread when move.Dice % 4 is 0 => ("the thread is deleted",
            () => _scene.Do(new ThreadCommand.DeleteThread()), _reference.DeleteThread),
        MoveKind.DeleteThread => ("the thread is not deleted after all", () => { }, () => { }),
        MoveKind.TimePasses => Pass(TimeSpan.FromSeconds(move.Dice % 3)),
        MoveKind.Crash => ("crash", Crash, () => { }),
        _ when _scene.Ledger.Holder is null => ("nobody is there to act", () => { }, () => { }),
        MoveKind.LateWord => ("a late word", SayLate, () => { }),
        MoveKind.TakeOver => ("the attempt is lost", () => _scene.Do(new ThreadCommand.TakeOver(_scene.Holder)),
            () => _reference.TakeOver(_scene.Now)),
        _ => UnderstandHolder(move),
    };

    private (string Words, Action Act, Action Expect) UnderstandHolder(Move move) => move.Kind switch
    {
        MoveKind.ModelCalls when move.Dice % 4 is 0 => ("a call that does not start",
            () => _scene.ModelCallsWithoutStart(), () => _reference.Calls(tools: 1, starts: false)),
        MoveKind.ModelCalls => ($"{1 + move.Dice % 3} calls", () => _scene.ModelCalls(1 + move.Dice % 3),
            () => _reference.Calls(1 + move.Dice % 3, starts: true)),
        MoveKind.ModelCallsAndPauses => ("a call, and a stop before it", () => _scene.ModelCallsAndPauses(),
            () => _reference.CallsAndPauses(_scene.Now)),
        MoveKind.ModelStreams => ("the beginning of an answer", () => _scene.ModelStreams("It is"), _reference.Streams),
        MoveKind.ModelAnswers => ("an answer", () => _scene.ModelAnswers(), () => _reference.Answers(_scene.Now)),
        MoveKind.ToolAnswers when HasOpenCall => ("a tool answers", () => _scene.ToolAnswers(), _reference.ToolAnswers),
        MoveKind.ToolAnswers => ("a tool answers that nobody asked", SayUnasked, () => { }),
        MoveKind.ToolsEnd => ("all tools answer", () => _scene.ToolsEnd(),
            () => _reference.ToolsEnd(_scene.Now)),
        MoveKind.NodeFinishes => ("a node is done before others", () => _scene.NodeFinishes(_scene.Next),
            _reference.NodeFinishes),
        MoveKind.Asks => Ask(move.Dice % 2 is 0 ? ["one"] : ["one", "two"]),
        MoveKind.Fails => ("a failure", () => _scene.Fails(), () => _reference.Fails(_scene.Now)),
        _ => throw new ArgumentOutOfRangeException(nameof(move), move.Kind, "Nobody knows this move."),
    };

    private (string Words, Action Act, Action Expect) Submit(int dice)
    {
        var number = ++_submitted;
        var strategy = (MultitaskStrategy)(dice % 4);
        var errand = dice / 4 % 2 is 0 ? Errand.Say : (Errand)(dice / 8 % 7);
        var delay = TimeSpan.FromSeconds(dice / 64 % 4 is 0 ? dice / 256 % 4 : 0);
        var fork = dice / 1024 % 4 is 0 ? Older(dice) : null;
        var manner = (int)((uint)dice * 40503u / 16 % 8);
        var (steers, gathers) = (manner is 0 or 1, manner is 1 or 2 or 3);
        if (manner < 4 && dice / 8192 % 4 > 0)
        {
            // Mostly such as can be heard or gathered: all that matters for it agrees seldom by chance.
            (strategy, errand, delay, fork) = (MultitaskStrategy.Enqueue, Errand.Say, TimeSpan.Zero, null);
        }

        var limit = TimeSpan.FromSeconds(dice / 16384 is 0 ? 2 : 0);
        return (
            $"run {number}: {strategy}, {errand}, due in {delay.TotalSeconds} s, for {limit.TotalSeconds} s" +
            (steers ? ", steers" : "") + (gathers ? ", gathers" : "") + Place(fork?.Head),
            () => _scene.Submit(Request(number, errand) with
            {
                Strategy = strategy, Delay = delay, Fork = fork?.Head, Steers = steers,
                Config = Scene.Within(limit, gathers ? ReferenceThread.Quiet : default, ReferenceThread.AtMost),
            }),
            () => _reference.Submit(
                number,
                new ReferenceRun(errand, fork?.State, _scene.Now + delay, limit)
                {
                    Strategy = strategy, Steers = steers, Gathers = gathers, CreatedAt = _scene.Now,
                },
                _scene.Now));
    }

    private static string Place(Checkpoint? from) => from is null ? string.Empty : $", from step {from.Step}";

    private (Checkpoint Head, ReferenceState State)? Older(int dice) =>
        _bookmarks.Count is 0 ? null : _bookmarks[dice / 4096 % _bookmarks.Count];

    private (string Words, Action Act, Action Expect) Edit(int dice)
    {
        var number = ++_submitted;
        var node = (dice % 3) switch { 0 => null, 1 => "agent", _ => "tools" };
        var from = dice / 4 % 2 is 0 ? Older(dice) : null;
        return (
            $"edit {number} as {node ?? "the last node"}{Place(from?.Head)}",
            () => _scene.Edit(node, from?.Head, Scene.Saying(number)),
            () => _reference.Edit(number, node, from?.State));
    }

    private (string Words, Action Act, Action Expect) DeleteRun(int dice)
    {
        var visible = _reference.Visible.ToList();
        if (visible.Count is 0)
            return ("no run to delete", () => { }, () => { });

        var number = visible[dice % visible.Count];
        return (
            $"run {number} is deleted", () => _scene.Delete(number), () => _reference.DeleteRun(number, _scene.Now));
    }

    private (string Words, Action Act, Action Expect) EditRun(int dice)
    {
        var visible = _reference.Visible.ToList();
        if (visible.Count is 0)
            return ("no run to edit", () => { }, () => { });

        // Mostly one of the last, which wait more often than the first.
        var number = visible[Math.Max(0, visible.Count - 1 - dice % 4)];
        var errand = (Errand)(dice / 8 % 7);
        TimeSpan? delay = dice / 64 % 3 is 0 ? TimeSpan.FromSeconds(dice / 256 % 4) : null;
        var asked = Request(number, errand);
        var edit = new RunEdit { Command = asked.Command, Input = asked.Input, Delay = delay };
        return ($"run {number} is edited: {errand}, due in {delay?.TotalSeconds} s",
            () => _scene.Do(new ThreadCommand.EditRun(asked.RunId, edit)),
            () => _reference.EditRun(number, errand, delay, _scene.Now));
    }

    private (string Words, Action Act, Action Expect) Reorder(int dice)
    {
        var queue = _reference.Queue.ToList();
        var order = queue.OrderBy(run => HashCode(run, dice)).ToList();
        if (dice % 5 is 0)
            order.Add(_submitted); // Which is one too many, or there already.
        return ($"the queue is to be {string.Join(' ', order)}",
            () => _scene.Do(new ThreadCommand.ReorderQueue([.. order.Select(Notation.Run)])),
            () => _reference.Reorder(order));
    }

    private static int HashCode(int run, int dice) => run * 7919 ^ dice;

    private (string Words, Action Act, Action Expect) Promote(int dice)
    {
        var waiting = _reference.Waiting.ToList();
        if (waiting.Count is 0)
            return ("no run to promote", () => { }, () => { });

        var number = waiting[dice % waiting.Count];
        var over = (MultitaskStrategy)(dice / 8 % 4);
        return ($"run {number} goes first, {over}",
            () => _scene.Do(new ThreadCommand.PromoteRun(Notation.Run(number), over)),
            () => _reference.Promote(number, over, _scene.Now));
    }

    private (string Words, Action Act, Action Expect) SubmitAgain(int dice)
    {
        var known = _reference.Fates.Select(run => run.Key).ToList();
        if (known.Count is 0)
            return ("nothing to submit again", () => { }, () => { });

        var number = known[dice % known.Count];
        var again = Request(number, Errand.Say) with { Strategy = (MultitaskStrategy)(dice % 4) };
        return ($"run {number} again", () => Ignored(_scene.Submit(again)), () => { });
    }

    private (string Words, Action Act, Action Expect) Cancel(int dice, bool undo)
    {
        List<int> chosen = [.. _reference.Visible.Reverse().Where((_, at) => (dice >> (at % 16) & 1) is 1)];
        return (
            $"{(undo ? "undo" : "cancel")} of {string.Join(", ", chosen)}",
            () => _ = undo ? _scene.Undo([.. chosen]) : _scene.Cancel([.. chosen]),
            () => _reference.Cancel(chosen, undo, _scene.Now));
    }

    private (string Words, Action Act, Action Expect) Pass(TimeSpan time) =>
        ($"{time.TotalSeconds} s pass", () => _scene.Pass(time), () => _reference.TimePasses(_scene.Now));

    private (string Words, Action Act, Action Expect) Ask(string[] questions) =>
        ($"asked: {string.Join(", ", questions)}", () => _scene.Asks([.. questions]),
            () => _reference.Pause(questions, _scene.Now));

    private void Crash()
    {
        ReadBack();
        _scene.Crash();
        _reference.Crash(_scene.Now);
    }

    // I3, I6: the journal alone says all that anyone was told.
    private void ReadBack() =>
        Assert.Equal(Picture.Of(_scene.Ledger), Picture.Of(ThreadLedger.Empty.ApplyAll(_scene.Facts)));

    private void SayLate()
    {
        var late = _lastHolder is { } last && last != _scene.Holder ? last : _scene.Holder with { Attempt = 99 };
        Ignored(_scene.Do(new ThreadCommand.CommitStep(late, [], [], [], Pauses: false)));
        Ignored(_scene.Do(new ThreadCommand.PauseRun(late, [])));
        Ignored(_scene.Do(new ThreadCommand.FailRun(late, new NodeFailure(null, "Boom", "It broke."))));
        Ignored(_scene.Do(new ThreadCommand.TakeOver(late)));
    }

    private void SayUnasked() => Ignored(_scene.Do(new ThreadCommand.RecordToolResult(
        _scene.Holder, "tools", TestGraphs.Messages, _scene.Answering("c0"))));

    private static void Ignored(Decision decision) => Assert.Equal(new Decision.Ignore(), decision);

    private static RunRequest Request(int run, Errand errand)
    {
        var request = Scene.Request(run);
        return errand switch
        {
            Errand.Say => request with { Input = Scene.Saying(run) },
            Errand.GoOn => request,
            Errand.AnswerAll => request with { Command = new GraphCommand(Value, default, []) },
            Errand.AnswerOne => request with { Command = new GraphCommand(MapOfOne, default, []) },
            Errand.Update => request with { Command = new GraphCommand(default, Scene.Saying(run), []) },
            Errand.GoToTools => request with { Command = new GraphCommand(default, default, ["tools"]) },
            Errand.GoToEnd => request with { Command = new GraphCommand(default, default, ["__end__"]) },
            _ => throw new ArgumentOutOfRangeException(nameof(errand), errand, "Nobody knows this errand."),
        };
    }
}
