namespace ActorRuns.Tests.Simulation;

/// <summary>
/// Whatever can go on, and who goes on next: every actor's turn and every continuation waits here, and a dice with a
/// seed picks one at a time. So one seed is one play, and another seed is another order.
/// </summary>
internal sealed class Turns : SynchronizationContext, IDisposable
{
    private const int MaxTurns = 200_000;
    private const int MaxLooks = 1_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly List<(SendOrPostCallback Go, object? State)> _ready = [];
    private readonly AutoResetEvent _posted = new(initialState: false);
    private Random? _dice;

    /// <summary>False while something is on its way here that was begun elsewhere; nothing goes on before.</summary>
    public Func<bool> IsComplete { get; set; } = () => true;

    /// <summary>Begins anew.</summary>
    /// <param name="seed">Decides who is next; null for who came first.</param>
    public void Reset(int? seed) => _dice = seed is { } number ? new Random(number) : null;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_lock)
            _ready.Add((d, state));
        _posted.Set();
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nobody may wait for a turn.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Lets everything go on until nothing can, at this time.</summary>
    public void RunUntilIdle()
    {
        for (var turns = 0; TakeNext() is var (go, state); turns++)
        {
            if (turns > MaxTurns)
                throw new InvalidOperationException("I8: it goes on and on, and no time passes.");
            go(state);
        }
    }

    /// <summary>Lets everything go on until the task has ended, wherever it does.</summary>
    public T Await<T>(Task<T> task)
    {
        Await(() => task.IsCompleted);
        return task.GetAwaiter().GetResult(); // It has ended: nobody waits.
    }

    /// <summary>Lets everything go on until something that goes on elsewhere has come about.</summary>
    public void Await(Func<bool> hasCome)
    {
        RunUntilIdle();
        for (var looks = 0; !hasCome(); looks++)
        {
            _posted.WaitOne(Look);
            RunUntilIdle();
            if (looks > MaxLooks)
                throw new TimeoutException("What was begun elsewhere has not come to its end.");
        }

        RunUntilIdle();
    }

    public void Dispose() => _posted.Dispose();

    private (SendOrPostCallback Go, object? State)? TakeNext()
    {
        for (var looks = 0; !IsComplete(); looks++)
        {
            _posted.WaitOne(Look);
            if (looks > MaxLooks)
                throw new TimeoutException("Who was told to end has not heard of it.");
        }

        lock (_lock)
        {
            if (_ready.Count is 0)
                return null;

            var at = _dice?.Next(_ready.Count) ?? 0;
            var next = _ready[at];
            _ready.RemoveAt(at);
            return next;
        }
    }
}
