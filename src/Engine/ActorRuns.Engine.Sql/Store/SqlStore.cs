using System.Collections.Concurrent;
using Akka.Event;

namespace Akka.Persistence.Sql.Store;

/// <summary>
/// The tables of one database for all plug-ins of a system. Work of one id is done in the order it came in, and what is
/// read of an id is read after all that was written for it before.
/// </summary>
internal sealed class SqlStore : IDisposable
{
    /// <summary>How long the end of the system waits for what the queues hold.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);

    private readonly Lock _tablesGate = new();
    private readonly BlockingCollection<Read> _reads = [];
    private readonly SqlProvider _provider;
    private readonly SqlOptions _options;
    private readonly ILoggingAdapter _log;
    private readonly SqlWriter[] _writers;
    private readonly SqlReader[] _readers;
    private bool _hasTables;

    public SqlStore(SqlProvider provider, SqlOptions options, WriteMeter meter, ILoggingAdapter log)
    {
        (_provider, _options, _log) = (provider, options, log);
        _hasTables = !options.AutoInitialize;
        _writers = [.. Enumerable.Range(0, provider.Writers).Select(_ =>
            new SqlWriter(provider, Open, options, meter, log))];
        _readers = [.. Enumerable.Range(0, options.Parallelism).Select(_ => new SqlReader(_reads, provider, Open))];
    }

    public SqlOptions Options => _options;

    /// <summary>Queues events of one id. Null when they were taken, else why they were not.</summary>
    public Exception? TryAppend(string persistenceId, AppendEvents work) =>
        WriterOf(persistenceId).TryAdd(work) ? null : new WriteQueueFullException(_options.BufferSize);

    /// <summary>Makes a change for one id; it is durable when the task has completed.</summary>
    public Task ChangeAsync(string persistenceId, Action<SqlSession> change)
    {
        var work = new Change(change);
        return WriterOf(persistenceId).TryAdd(work)
            ? work.Done
            : Task.FromException(new WriteQueueFullException(_options.BufferSize));
    }

    /// <summary>Reads something of one id, on a thread of a reader.</summary>
    public Task<T> ReadAsync<T>(string persistenceId, Func<SqlSession, T> read)
    {
        var work = new Read<T>(read);
        var writer = WriterOf(persistenceId);
        if (writer.IsIdle)
            _reads.Add(work);
        else
            writer.TryAdd(new Fence(() => _reads.Add(work)));
        return work.Result;
    }

    /// <summary>Takes no more work, and waits until what was taken is done and the connections are closed.</summary>
    public void Dispose()
    {
        foreach (var writer in _writers)
            if (!writer.Close(DrainPatience))
                _log.Error("The journal still had events to write after {0}; they are lost.", DrainPatience);

        // A fence that passed may have queued a read, so the readers come second.
        _reads.CompleteAdding();
        foreach (var reader in _readers)
            reader.Close(DrainPatience);
    }

    private SqlWriter WriterOf(string persistenceId) =>
        _writers[(uint)persistenceId.GetHashCode(StringComparison.Ordinal) % (uint)_writers.Length];

    private SqlSession Open()
    {
        var session = _provider.Open();
        try
        {
            lock (_tablesGate)
            {
                if (!_hasTables)
                    session.CreateTables();
                _hasTables = true;
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
