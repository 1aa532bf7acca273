using ActorRuns.Graphs;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// What is really at work, as the nodes themselves see it: I1 is a law about them, and not about what is recorded.
/// </summary>
internal sealed class Works
{
    private readonly List<Attempt> _attempts = [];
    private readonly Dictionary<ThreadId, int> _working = [];
    private readonly Dictionary<string, int> _compensated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);
    private int _process;

    /// <summary>The laws that were broken.</summary>
    public Queue<string> Faults { get; } = [];

    /// <summary>False while an attempt has been told to end, and its work does not know yet.</summary>
    public bool AllKnow => _attempts.TrueForAll(attempt => !attempt.Token.IsCancellationRequested || attempt.Knows);

    /// <summary>Another process begins; what the last one had at work is no concern of it.</summary>
    public void LoseProcess() => _process++;

    public bool IsAtWork(ThreadId thread) => _working.GetValueOrDefault(thread) > 0;

    /// <summary>A node begins; no other attempt of its thread may be at work that was not told to end.</summary>
    public void Begin(NodeContext context, CancellationToken cancellationToken)
    {
        _attempts.RemoveAll(attempt => attempt.Token.IsCancellationRequested && attempt.Knows);
        var name = $"{context.Run.RunId}-{context.Attempt}";
        if (_attempts.Exists(attempt => attempt.Name == name && attempt.Process == _process))
            return;
        foreach (var other in _attempts.Where(attempt => attempt.IsOf(context.ThreadId, _process)))
            Faults.Enqueue($"I1: {name} begins on {context.ThreadId} while {other.Name} is at work");

        var begun = new Attempt(context.ThreadId, name, _process, cancellationToken);
        _attempts.Add(begun);

        // Who registers first is told last: when it is told, all work of the attempt has been.
        cancellationToken.Register(() => begun.Knows = true);
    }

    /// <summary>Counts work for as long as it lasts.</summary>
    public async Task CountAsync(ThreadId thread, Task work)
    {
        _working[thread] = _working.GetValueOrDefault(thread) + 1;
        try
        {
            await work;
        }
        finally
        {
            _working[thread]--;
        }
    }

    /// <summary>A tool that must not run twice does.</summary>
    public void DoOnce(string key) => Once(_done, key, "a tool that must not run twice did");

    /// <summary>A call that must not be undone twice is.</summary>
    public void UndoOnce(string key) => Once(_compensated, key, "a call was undone twice");

    private void Once(Dictionary<string, int> done, string key, string fault)
    {
        done[key] = done.GetValueOrDefault(key) + 1;
        if (done[key] > 1)
            Faults.Enqueue($"I2: {fault} ({key})");
    }

    private sealed class Attempt(ThreadId thread, string name, int process, CancellationToken token)
    {
        private volatile bool _knows;

        public string Name => name;

        public int Process => process;

        public CancellationToken Token => token;

        public bool Knows { get => _knows; set => _knows = value; }

        public bool IsOf(ThreadId other, int now) =>
            thread == other && process == now && !token.IsCancellationRequested;
    }
}
