using System.Globalization;
using System.Text;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.TestKit;

/// <summary>
/// What happened in a scenario, in order: what was said, the facts that were recorded with their causes, which child
/// was alive, what models and tools were asked. It is what a failure shows.
/// </summary>
public sealed class Timeline
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<ThreadId, FactWords> _words = [];
    private readonly Dictionary<ThreadId, Holder> _alive = [];
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;

    internal Timeline(TimeProvider time)
    {
        _time = time;
        _start = time.GetUtcNow();
    }

    /// <summary>Adds a line of the test's own.</summary>
    /// <param name="text">What happened.</param>
    /// <param name="thread">Where; null for the scenario as a whole.</param>
    public void Note(string text, ThreadId? thread = null)
    {
        lock (_lock)
            _entries.Add(new Entry(_time.GetUtcNow() - _start, thread, SequenceNr: null, text, AliveIn(thread)));
    }

    /// <summary>The lines of one thread and those of the scenario as a whole.</summary>
    /// <param name="thread">The thread; null for all.</param>
    public string Render(ThreadId? thread = null)
    {
        lock (_lock)
        {
            var text = new StringBuilder();
            foreach (var entry in _entries.Where(e => thread is null || e.Thread is null || e.Thread == thread))
            {
                var alive = entry.Alive is { Length: > 0 } ? $"   [alive: {entry.Alive}]" : string.Empty;
                text.Append(CultureInfo.InvariantCulture, $"  +{Seconds(entry.At),8} ")
                    .Append(CultureInfo.InvariantCulture, $"{entry.SequenceNr,5}  {entry.Text}{alive}\n");
            }

            return text.ToString();
        }
    }

    /// <summary>A failure that shows the timeline.</summary>
    internal ScenarioException Failure(string message, ThreadId? thread, Exception? cause = null)
    {
        var alive = string.Empty;
        lock (_lock)
        {
            if (thread is { } one)
                alive = $"\nalive now: {AliveIn(one) ?? "no child"}";
        }

        var of = thread is null ? "of the scenario" : $"of thread {thread}";
        return new ScenarioException($"{message}{alive}\ntimeline {of}:\n{Render(thread)}", cause);
    }

    /// <summary>The run's name in the timeline.</summary>
    internal string NameOf(ThreadId thread, RunId run)
    {
        lock (_lock)
            return WordsOf(thread).NameOf(run);
    }

    internal void OnFact(string persistenceId, long sequenceNr, ThreadEvent fact)
    {
        if (!ThreadId.TryParse(persistenceId["thread-".Length..], out var thread))
            return;

        lock (_lock)
        {
            _entries.Add(new Entry(
                _time.GetUtcNow() - _start, thread, sequenceNr, WordsOf(thread).Of(fact), AliveIn(thread)));
        }
    }

    internal void OnBirth(AttemptBegan born)
    {
        lock (_lock)
            _alive[born.ThreadId] = new Holder(born.RunId, born.Attempt);
        Note("a child begins to work", born.ThreadId);
    }

    internal void OnDeath(AttemptGone gone)
    {
        lock (_lock)
        {
            if (_alive.GetValueOrDefault(gone.ThreadId) == new Holder(gone.RunId, gone.Attempt))
                _alive.Remove(gone.ThreadId);
        }

        Note($"the child of {NameOf(gone.ThreadId, gone.RunId)} is gone", gone.ThreadId);
    }

    internal void OnLoss()
    {
        lock (_lock)
            _alive.Clear();
        Note("the process is lost");
    }

    private string? AliveIn(ThreadId? thread) =>
        thread is { } one && _alive.TryGetValue(one, out var child)
            ? $"{WordsOf(one).NameOf(child.RunId)}, attempt {child.Attempt}"
            : null;

    private FactWords WordsOf(ThreadId thread)
    {
        if (!_words.TryGetValue(thread, out var words))
            _words[thread] = words = new FactWords();
        return words;
    }

    private static string Seconds(TimeSpan at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.000} s");

    private sealed record Entry(TimeSpan At, ThreadId? Thread, long? SequenceNr, string Text, string? Alive);
}
