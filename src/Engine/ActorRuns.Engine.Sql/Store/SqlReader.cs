using System.Collections.Concurrent;
using System.Data.Common;

namespace Akka.Persistence.Sql.Store;

/// <summary>
/// One connection that reads, on a thread of its own, since SQLite reads without awaiting. Readers share a queue.
/// </summary>
internal sealed class SqlReader
{
    private readonly BlockingCollection<Read> _queue;
    private readonly SqlProvider _provider;
    private readonly Func<SqlSession> _open;
    private readonly Thread _thread;
    private SqlSession? _session;

    public SqlReader(BlockingCollection<Read> queue, SqlProvider provider, Func<SqlSession> open)
    {
        (_queue, _provider, _open) = (queue, provider, open);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal reader" };
        _thread.Start();
    }

    /// <summary>
    /// Waits until the queue, which takes no more, is empty, and closes the connection. The caller closes one reader
    /// after the other: SQLite takes its log in with the last connection, and of two that close at once neither is.
    /// </summary>
    public void Close(TimeSpan patience)
    {
        if (_thread.Join(patience))
            _session?.Dispose();
    }

    private void Run()
    {
        foreach (var read in _queue.GetConsumingEnumerable())
        {
            try
            {
                _session ??= _open();
                read.Run(_session);
            }
            catch (DbException e)
            {
                // Whether the connection still is of use is not worth finding out.
                _session?.Dispose();
                _session = null;
                read.Fail(new SqlStoreException(_provider.Explain(e), e));
            }
#pragma warning disable CA1031 // The reader of the answer is told; the thread has to live on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                read.Fail(e);
            }
        }
    }
}

/// <summary>One thing to read, for one caller.</summary>
internal abstract class Read
{
    public abstract void Run(SqlSession session);

    public abstract void Fail(Exception failure);
}

/// <summary>Reads a value.</summary>
internal sealed class Read<T>(Func<SqlSession, T> read) : Read
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public override void Run(SqlSession session) => _result.SetResult(read(session));

    public override void Fail(Exception failure) => _result.SetException(failure);
}
