using System.Collections.Concurrent;
using System.Data.Common;
using ActorRuns.Threads;
using Dapper;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Sql;

/// <summary>
/// The index of all threads in a database. Notes are written in batches, the last of a thread wins; what cannot be
/// written is tried again, and what a crash loses is found by comparing with the journal.
/// </summary>
public abstract class SqlThreadIndex : IThreadIndex, IAsyncDisposable
{
    // What is noted meanwhile goes into one transaction.
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // What is to be written: the last note of each thread.
    private readonly ConcurrentDictionary<ThreadId, ThreadNote> _notes = new();
    private readonly SemaphoreSlim _noted = new(0, 1);
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SqlDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _writing;

    private protected SqlThreadIndex(SqlDatabase database, TimeProvider time, ILogger log)
    {
        _database = database;
        _time = time;
        _log = log;
        _writing = WriteOnAsync();
    }

    /// <inheritdoc />
    public void Note(ThreadIndexEntry entry) =>
        Take(new ThreadNote(entry.ThreadId, entry.SequenceNr, entry));

    /// <inheritdoc />
    public void Forget(ThreadId thread, long sequenceNr) => Take(new ThreadNote(thread, sequenceNr, Entry: null));

    /// <inheritdoc />
    public Task SettleAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken); // Who has been answered finds what the answer said.
        return await _database.ReadAsync(
            connection => SqlThreadSearch.RunAsync(connection, _database, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ThreadId>>(
            async connection =>
            {
                var waking = await connection.QueryAsync<string>(new CommandDefinition(
                    "SELECT thread_id FROM thread_index WHERE wake_at IS NOT NULL",
                    cancellationToken: cancellationToken));
                var behind = await FindBehindAsync(connection, cancellationToken);
                return [.. waking.Concat(behind).Distinct(StringComparer.Ordinal).Select(Parse)];
            },
            cancellationToken);

    /// <summary>Writes what is noted, and closes the database's connections that are its own.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        _stopping.Dispose();
        _noted.Dispose();
        _flushing.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static ThreadId Parse(string text) => ThreadId.TryParse(text, out var id)
        ? id
        : throw new FormatException($"The thread index holds '{text}', which is no thread id.");

    /// <summary>Writes notes, at most one of a thread, as parts of a transaction.</summary>
    private protected abstract Task WriteAsync(DbTransaction transaction, IReadOnlyList<ThreadNote> notes);

    /// <summary>The threads of which the journal knows more than the index.</summary>
    private protected abstract Task<IReadOnlyList<string>> FindBehindAsync(
        DbConnection connection, CancellationToken cancellationToken);

    private void Take(ThreadNote note)
    {
        _notes[note.Thread] = note;
        try
        {
            if (_noted.CurrentCount is 0)
                _noted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread's note has woken the writer in the same instant.
        }
    }

    private async Task WriteOnAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _noted.WaitAsync(_stopping.Token);
                var written = await FlushAsync(CancellationToken.None);
                await Task.Delay(written ? WriteEvery : RetryAfter, _time, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                await FlushAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Writes what is noted; false when that must be tried again.</summary>
    private async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        var notes = new List<ThreadNote>();
        try
        {
            foreach (var thread in _notes.Keys)
            {
                if (_notes.TryRemove(thread, out var note))
                    notes.Add(note);
            }

            if (notes.Count > 0)
                await WriteAsync(notes);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, the notes are in no other place, and the writer has to live on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.LogWarning("{Count} entries of the thread index could not be written and are tried again: {Fault}",
                notes.Count, fault.Message);
            TakeBack(notes);
            return false;
        }
        finally
        {
            _flushing.Release();
        }
    }

    private void TakeBack(List<ThreadNote> notes)
    {
        foreach (var note in notes)
        {
            if (_notes.TryAdd(note.Thread, note)) // Unless there is a later one.
                Take(_notes[note.Thread]);
        }
    }

    // A started write is not cancelled: it is short, and its entries are in no other place. All in one order, so that
    // of two who write entries of the same threads none waits for the other's.
    private Task<bool> WriteAsync(List<ThreadNote> notes) => _database.ChangeAsync(
        async transaction =>
        {
            await WriteAsync(transaction, [.. notes.OrderBy(note => $"{note.Thread}", StringComparer.Ordinal)]);
            return true;
        },
        CancellationToken.None);
}

/// <summary>What is to be written of a thread.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="SequenceNr">The number of the last fact that is known.</param>
/// <param name="Entry">What is to be found of it; null when it was deleted.</param>
internal sealed record ThreadNote(ThreadId Thread, long SequenceNr, ThreadIndexEntry? Entry);
