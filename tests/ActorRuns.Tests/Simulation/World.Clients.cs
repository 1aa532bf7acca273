using System.Globalization;
using Akka.Actor;
using Akka.Persistence;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <content>Those who ask, what they are told, and those who read.</content>
internal sealed partial class World
{
    private readonly List<Asked> _asked = [];
    private readonly List<(ThreadId Thread, RunId Run)> _accepted = [];
    private readonly Dictionary<(ThreadId Thread, string Key, string Fingerprint, int Life), RunId> _keyed = [];
    private readonly Queue<string> _faults = [];
    private readonly List<Reader> _readers = [];

    private void Send(IThreadMessage message)
    {
        Chronicle.Commands++;
        _script.Add(string.Create(CultureInfo.InvariantCulture,
            $"{_time.GetUtcNow():mm:ss.fff} {_threads.IndexOf(message.ThreadId)}: {Words(message)}"));

        // As long as it takes: who asks without end finds who never answers.
        var answer = _runtime.Threads.Ask<object>(message, Timeout.InfiniteTimeSpan);
        _asked.Add(new Asked(message, answer, _disk.Process, _laws.DeletionsOf(message.ThreadId)));
    }

    /// <summary>Hears the answers that have come; at the end all must have.</summary>
    private void CheckAnswers(bool isLast)
    {
        _asked.RemoveAll(asked => asked.Process != _disk.Process);
        foreach (var asked in _asked.Where(asked => asked.Answer.IsCompleted).ToList())
        {
            _asked.Remove(asked);
            Hear(asked.Message, asked.Answer.GetAwaiter().GetResult(), asked.Life);
        }

        if (isLast && _asked.Count > 0)
        {
            var unanswered = string.Join(", ", _asked.Select(asked =>
                $"{_threads.IndexOf(asked.Message.ThreadId)}: {Words(asked.Message)}"));
            throw new InvalidOperationException($"Every request is answered, and these are not: {unanswered}");
        }
    }

    private void Hear(IThreadMessage message, object answer, int life)
    {
        switch (answer)
        {
            case RunAccepted accepted:
                HearAccepted((SubmitRun)message, accepted, life);
                break;
            case ThreadRead(var ledger) when message is not CopyThread && !_laws.IsFold(message.ThreadId, ledger):
                _faults.Enqueue($"I6: {Words(message)} was answered with what is no beginning of the journal");
                break;
            case Status.Failure { Cause: JournalUnavailableException or IOException or RecoveryTimedOutException }:
                break;
            case Status.Failure failure:
                _faults.Enqueue($"{Words(message)} was answered with {failure.Cause}");
                break;
        }
    }

    private void HearAccepted(SubmitRun submit, RunAccepted accepted, int life)
    {
        var (thread, run) = (submit.ThreadId, accepted.Run.Id);
        if (!_laws.Knows(thread, run))
            _faults.Enqueue($"I3: run {run} was accepted, and is not in the journal");
        _accepted.Add((thread, run));
        if (submit.Request.Idempotency is var (key, fingerprint) && life == _laws.DeletionsOf(thread)
            && !_keyed.TryAdd((thread, key, fingerprint, life), run)
            && _keyed[(thread, key, fingerprint, life)] != run)
            _faults.Enqueue($"the same request under the same key is run {run} as well");
        if (accepted.Stream is { } stream && Dice($"reads {run}") % 3 is 0)
        {
            var reader = new Reader(thread, run);
            reader.Read(stream);
            _readers.Add(reader);
        }
    }

    /// <summary>Some readers are cut off and come back; some stop their run when they go.</summary>
    private void MoveReaders()
    {
        Settle();
        foreach (var reader in _readers.Where(reader => !reader.HasEnded).ToList())
        {
            CatchUp(reader);
            var dice = _random.Next(12);
            if (reader.HasEnded || (dice > 5 && !reader.IsBroken))
                continue;

            _script.Add($"who reads {reader.Run} is cut off");
            _turns.Await(CutAsync(reader, unseen: dice));
            if (dice is 0)
                Send(new StopRuns(reader.Thread, [reader.Run], Undo: false, Wait: false));
            Rejoin(reader);
        }
    }

    private void RejoinReaders()
    {
        foreach (var reader in _readers.Where(reader => !reader.HasEnded).ToList())
        {
            _turns.Await(CutAsync(reader, unseen: 1));
            if (!reader.HasEnded)
                Rejoin(reader);
        }
    }

    private static async Task<bool> CutAsync(Reader reader, int unseen)
    {
        await reader.CutAsync(unseen);
        return true;
    }

    /// <summary>Asks for the stream until it is there; who reads a run that is gone has nothing to wait for.</summary>
    private void Rejoin(Reader reader)
    {
        while (true)
        {
            var answer = _runtime.Threads.Ask<object>(
                new OpenStream(reader.Thread, reader.Run), Timeout.InfiniteTimeSpan);
            for (var passed = TimeSpan.Zero; !answer.IsCompleted; passed += Slice)
            {
                if (passed > Patience)
                    throw new InvalidOperationException($"I11: who comes back to {reader.Run} is not answered");
                Advance(Slice);
            }

            switch (answer.GetAwaiter().GetResult())
            {
                case StreamOpened(var stream, _):
                    reader.Read(stream);
                    return;
                case Refused:
                    _readers.Remove(reader);
                    return;
            }
        }
    }

    /// <summary>Readers run beside the world: here it waits for one of them.</summary>
    private void CatchUp(Reader reader) => _turns.Await(() => reader.IsUpToDate);

    /// <summary>I11: every reader has seen once what a stream read off the journal tells, and its end.</summary>
    private void CheckReaders()
    {
        foreach (var reader in _readers.ToList())
        {
            for (CatchUp(reader); reader.IsBroken && _readers.Contains(reader); CatchUp(reader))
                Rejoin(reader);
            if (!_readers.Contains(reader))
                continue;
            if (!reader.HasEnded)
                throw new InvalidOperationException($"I11: the run {reader.Run} has ended, and its stream has not");

            var whole = new Reader(reader.Thread, reader.Run);
            _readers.Add(whole);
            Rejoin(whole);
            if (!_readers.Remove(whole))
                continue; // It was deleted, and the thread with it perhaps.

            CatchUp(whole);
            var (seen, told) = (Ids(reader), Ids(whole));
            if (seen != told)
                throw new InvalidOperationException(
                    $"I11: who was cut off from {reader.Run} has seen {seen}; the journal tells {told}");
        }
    }

    private static string Ids(Reader reader) =>
        string.Join(' ', reader.Frames.Where(frame => !frame.IsVolatile).Select(frame => $"{frame.Id}:{frame.Event}"));

    /// <summary>I6: what a reader sees is what the journal says.</summary>
    private void CheckReads()
    {
        foreach (var thread in _threads)
        {
            if (_turns.Await(_runtime.Threads.Ask<object>(new ReadThread(thread), Timeout.InfiniteTimeSpan))
                is ThreadRead(var read))
                _laws.CheckRead(thread, read);
        }
    }

    private static string Words(IThreadMessage message) => message switch
    {
        SubmitRun { Request: { Command: null } run } submit =>
            $"{run.RunId} {run.Strategy} {run.Input.GetRawText()} in {run.Delay.TotalSeconds} s {run.Config}"
            + $"{(run.Steers ? " steers" : "")}{(submit.From is null ? "" : " forks")} {run.Idempotency?.Key}"
            + $"{string.Join('|', submit.IfStatus)}",
        SubmitRun { Request: var run } => $"{run.RunId} {run.Strategy} {run.Command} in {run.Delay.TotalSeconds} s",
        StopRuns stop => $"{(stop.Undo ? "undo" : "cancel")} {string.Join(' ', stop.Runs)}",
        _ => message.ToString() ?? "",
    };

    private sealed record Asked(IThreadMessage Message, Task<object> Answer, int Process, int Life);
}

/// <summary>What all worlds together have seen.</summary>
internal sealed class Chronicle
{
    public int Worlds { get; set; }

    public int Commands { get; set; }

    public int Faults { get; set; }

    public int Losses { get; set; }

    public TimeSpan Time { get; set; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Worlds} worlds, {Commands} commands, {Time.TotalHours:F1} simulated hours, {Faults} failed writes, "
        + $"{Losses} lost processes");
}
