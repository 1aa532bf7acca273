namespace Akka.Persistence.Sql.Store;

/// <summary>
/// What waits for one writer. Any thread adds; the writer takes as much as one transaction is to hold.
/// </summary>
/// <remarks>
/// Actors that await each event come back right after their transaction, one by one. A writer that went with the first
/// of them would commit one event, then those of all the others, then one again: half of its commits for nothing. So
/// for a moment after a transaction as many are expected as it had. Who comes after a pause waits for nobody.
/// </remarks>
/// <param name="moment">How long after a transaction those who were in it are expected back.</param>
/// <param name="time">Tells how long ago the transaction was.</param>
internal sealed class WriteQueue(TimeSpan moment, TimeProvider time)
{
    // Not a Lock: the writer waits for it to be pulsed.
    private readonly object _gate = new();
    private readonly Queue<WriteWork> _work = new();
    private bool _isComplete;

    /// <summary>How much work wakes the writer; 0 while it does not wait.</summary>
    private int _awaited;

    /// <summary>How much the last transaction had.</summary>
    private int _expected;

    /// <summary>Adds work.</summary>
    /// <exception cref="InvalidOperationException">No more is taken.</exception>
    public void Add(WriteWork work)
    {
        lock (_gate)
        {
            if (_isComplete)
                throw new InvalidOperationException("The database has been closed and takes no more work.");
            _work.Enqueue(work);
            if (_work.Count == _awaited)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more; what was added is still to be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Waits for work and moves it to the batch, in the order it came: one piece at least, and others until there are
    /// so many rows. To be called by the writer alone, as soon as its transaction before has ended.
    /// </summary>
    /// <returns>False when there will be no more.</returns>
    public bool Take(List<WriteWork> batch, int rows)
    {
        var ended = time.GetTimestamp();
        lock (_gate)
        {
            if (!Await(1, Timeout.Infinite))
                return false;
            var left = moment - time.GetElapsedTime(ended);
            if (left > TimeSpan.Zero)
                Await(_expected, (int)Math.Ceiling(left.TotalMilliseconds));

            do
            {
                var next = _work.Dequeue();
                batch.Add(next);
                rows -= next.Rows;
            }
            while (rows > 0 && _work.Count > 0);
            _expected = batch.Count;
            return true;
        }
    }

    /// <summary>Waits until there is so much work; false when it did not come.</summary>
    private bool Await(int count, int milliseconds)
    {
        _awaited = count;
        while (_work.Count < count && !_isComplete && Monitor.Wait(_gate, milliseconds))
        {
        }

        _awaited = 0;
        return _work.Count >= count;
    }
}
