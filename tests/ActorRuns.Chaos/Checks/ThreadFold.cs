namespace ActorRuns.Chaos.Checks;

/// <summary>
/// Goes through the journal of one conversation from its beginning and notes what must not be there: a gap, two
/// attempts at the same time, work of one attempt that two members record, a run that ends twice or goes on after that.
/// </summary>
internal sealed class ThreadFold(string thread, Findings findings)
{
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ends = new(StringComparer.Ordinal);
    private string? _atWork;
    private string? _writer;
    private long _last;

    /// <summary>How each run ended: the kind of the fact.</summary>
    public IReadOnlyDictionary<string, string> Ends => _ends;

    /// <summary>How often each run was begun.</summary>
    public IReadOnlyDictionary<string, int> Attempts => _attempts;

    /// <summary>The run that is at work after the last fact; null when none is.</summary>
    public string? AtWork => _atWork;

    /// <summary>Takes the next fact.</summary>
    public void Take(JournalRow row)
    {
        findings.FaultIf(row.Number != _last + 1, $"thread {thread}: fact {row.Number} follows {_last}");
        _last = row.Number;
        if (row.Run is not { } run)
            return;
        switch (row.Kind)
        {
            case "run-started":
                TakeStart(run, row);
                break;
            case "run-succeeded" or "run-failed" or "run-timed-out" or "run-interrupted" or "run-rolled-back":
                findings.FaultIf(
                    !_ends.TryAdd(run, row.Kind),
                    $"thread {thread}: run {run} ended twice, by {_ends[run]} and by {row.Kind} ({row.Number})");
                Leave(run);
                break;
            case "run-paused" or "run-requeued":
                Leave(run);
                break;
            case "step-committed" or "tool-call-started" or "node-finished":
                TakeWork(run, row);
                break;
        }
    }

    /// <summary>An attempt is one member's: who takes a conversation over begins the next one.</summary>
    private void TakeWork(string run, JournalRow row)
    {
        if (row.Kind is "step-committed" && !row.Fact.GetProperty("ran").EnumerateArray().Any())
            return; // The closing of a run that is stopped, by whoever has the conversation then.
        findings.FaultIf(
            run != _atWork,
            $"thread {thread}: {row.Kind} ({row.Number}) of run {run}, and at work is {_atWork ?? "none"}");
        findings.FaultIf(
            row.Writer != _writer,
            $"thread {thread}: {row.Writer} wrote {row.Kind} ({row.Number}) of an attempt that {_writer} began");
    }

    private void TakeStart(string run, JournalRow row)
    {
        findings.FaultIf(_ends.ContainsKey(run), $"thread {thread}: run {run} started after its end ({row.Number})");
        findings.FaultIf(
            _atWork is not null && _atWork != run,
            $"thread {thread}: run {run} started while {_atWork} was at work ({row.Number})");
        _attempts[run] = row.Fact.GetProperty("attempt").GetInt32();
        _atWork = run;
        _writer = row.Writer;
    }

    private void Leave(string run)
    {
        if (_atWork == run)
            _atWork = null;
    }
}
