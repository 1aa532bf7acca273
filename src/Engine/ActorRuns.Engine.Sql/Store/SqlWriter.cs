using Akka.Event;

namespace Akka.Persistence.Sql.Store;

/// <summary>
/// One connection that writes, on a thread of its own. Callers share transactions: while one is committed the work for
/// the next one gathers, so transactions grow with the load, and work that comes alone waits for nobody.
/// </summary>
/// <remarks>
/// A thread and not a task, since a commit waits for the disk; that would keep a thread of the pool from the actors.
/// </remarks>
internal sealed class SqlWriter
{
    /// <summary>
    /// Longer than actors take to come back, and not longer than a commit: one that waits in vain costs little.
    /// </summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly WriteQueue _queue = new(Moment, TimeProvider.System);
    private readonly List<WriteWork> _batch = [];
    private readonly List<EventRow> _rows = [];
    private readonly SqlProvider _provider;
    private readonly Func<SqlSession> _open;
    private readonly SqlOptions _options;
    private readonly WriteMeter _meter;
    private readonly ILoggingAdapter _log;
    private readonly Thread _thread;
    private SqlSession? _session;
    private int _unfinished;

    public SqlWriter(
        SqlProvider provider, Func<SqlSession> open, SqlOptions options, WriteMeter meter, ILoggingAdapter log)
    {
        (_provider, _open, _options, _meter, _log) = (provider, open, options, meter, log);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _thread.Start();
    }

    /// <summary>Whether all work is complete that was queued before.</summary>
    public bool IsIdle => Volatile.Read(ref _unfinished) == 0;

    /// <summary>Queues the work. False when the queue is full: it is not taken and will not be completed.</summary>
    public bool TryAdd(WriteWork work)
    {
        if (Interlocked.Increment(ref _unfinished) > _options.BufferSize && work is not Fence)
        {
            Interlocked.Decrement(ref _unfinished);
            return false;
        }

        _queue.Add(work);
        return true;
    }

    /// <summary>Takes no more work and returns when what was taken is done, or the time is up.</summary>
    public bool Close(TimeSpan patience)
    {
        _queue.Complete();
        return _thread.Join(patience);
    }

    private void Run()
    {
        while (_queue.Take(_batch, _options.MaxBatchSize))
        {
            Write();
            _batch.Clear();
        }

        _session?.Dispose();
    }

    private void Write()
    {
        if (TryWrite(WriteTogether) is not { } failure)
            CompleteAll();
        else if (_provider.IsRefusal(failure) && _session is not null)
            WriteApart();
        else
            FailAll(failure);
    }

    /// <summary>The batch as if it were one caller's: the fastest way, and nearly always the only one.</summary>
    private void WriteTogether(SqlSession session)
    {
        if (_batch.Exists(work => work is Change))
        {
            session.Begin();
            foreach (var work in _batch)
                Apply(work, session);
            session.Commit();
            return;
        }

        foreach (var work in _batch)
        {
            if (work is AppendEvents append)
                _rows.AddRange(append.Events);
        }

        if (_rows.Count > 0)
            session.AppendAndCommit(_rows);
        _rows.Clear();
    }

    private static void Apply(WriteWork work, SqlSession session)
    {
        if (work is AppendEvents { Events: { Count: > 0 } events })
            session.Append(events);
        else if (work is Change change)
            change.Apply(session);
    }

    /// <summary>The batch with a savepoint for each caller, to find out whose work the database refuses.</summary>
    private void WriteApart()
    {
        var refusals = new Exception?[_batch.Count];
        var failure = TryWrite(session =>
        {
            session.Begin();
            for (var i = 0; i < _batch.Count; i++)
                refusals[i] = TryApply(_batch[i], session);
            session.Commit();
        });

        if (failure is not null)
        {
            FailAll(failure);
            return;
        }

        Measure(_batch.Where((_, i) => refusals[i] is null));
        for (var i = 0; i < _batch.Count; i++)
            Complete(_batch[i], refusals[i]);
    }

    private Exception? TryApply(WriteWork work, SqlSession session)
    {
        var row = default(EventRow);
        try
        {
            session.Within(() =>
            {
                if (work is AppendEvents append)
                    foreach (var e in append.Events)
                        session.Append([row = e]);
                else
                    (work as Change)?.Apply(session);
            });
            return null;
        }
        catch (Exception e) when (_provider.IsDuplicate(e) && work is AppendEvents)
        {
            return new DuplicateEventException(row.PersistenceId, row.SequenceNr, e);
        }
        catch (Exception e) when (_provider.IsRefusal(e))
        {
            return new SqlRefusalException(row.PersistenceId, row.SequenceNr, e);
        }
    }

    /// <summary>Runs the action, which is one transaction. What it returns is why nothing of it was written.</summary>
    private Exception? TryWrite(Action<SqlSession> transaction)
    {
        try
        {
            _session ??= _open();
            transaction(_session);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, the callers are told, and the thread has to live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _rows.Clear();
            if (!_provider.IsRefusal(e) || !TryRollback())
                Disconnect();
            return e;
        }
    }

    private bool TryRollback()
    {
        try
        {
            _session?.Rollback();
            return true;
        }
#pragma warning disable CA1031 // The session is of no use then, whatever the reason.
        catch
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>Gives the connection up; the next work gets a new one. Closing it rolls back.</summary>
    private void Disconnect()
    {
        try
        {
            _session?.Dispose();
        }
#pragma warning disable CA1031 // It is broken already.
        catch
#pragma warning restore CA1031
        {
        }

        _session = null;
    }

    private void CompleteAll()
    {
        Measure(_batch);
        _batch.ForEach(work => Complete(work, null));
    }

    private void Measure(IEnumerable<WriteWork> written) =>
        _meter.Committed(written.OfType<AppendEvents>().Sum(append => append.Rows));

    private void FailAll(Exception cause)
    {
        var failure = new SqlStoreException(_provider.Explain(cause), cause);
        _log.Error(failure, "{0} writes failed. {1}", _batch.Count, failure.Message);
        _batch.ForEach(work => Complete(work, failure));
    }

    private void Complete(WriteWork work, Exception? failure)
    {
        Interlocked.Decrement(ref _unfinished);
        work.Complete(failure);
    }
}
