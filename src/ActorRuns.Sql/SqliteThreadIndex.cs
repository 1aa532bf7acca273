using System.Collections.Concurrent;
using ActorRuns.Json;
using ActorRuns.Threads;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Sql;

/// <summary>
/// The index of all threads in an SQLite file of its own, so that it never waits for the journal nor the journal for
/// it. Notes are written in batches, the last of a thread wins; what a crash loses is found again at the next start by
/// comparing with the journal.
/// </summary>
public sealed class SqliteThreadIndex : IThreadIndex, IAsyncDisposable
{
    // What is noted meanwhile goes into one transaction.
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(100);

    // What is to be written: the last note of each thread, or null for one that is to be forgotten.
    private readonly ConcurrentDictionary<ThreadId, ThreadIndexEntry?> _notes = new();
    private readonly SemaphoreSlim _noted = new(0, 1);
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _indexFile;
    private readonly string _journalFile;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteThreadIndex> _log;
    private readonly Task _writing;

    private SqliteThreadIndex(string indexFile, string journalFile, TimeProvider time, ILogger<SqliteThreadIndex> log)
    {
        _indexFile = indexFile;
        _journalFile = journalFile;
        _time = time;
        _log = log;
        _writing = WriteAsync();
    }

    /// <summary>Opens the index, and makes its table if it is not there.</summary>
    /// <param name="indexFile">The file of the index.</param>
    /// <param name="journalFile">The file of the journal; it need not be there yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where faults are told.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">
    /// The file cannot be written, or is no database, or the journal's file is none.
    /// </exception>
    public static async Task<SqliteThreadIndex> OpenAsync(
        string indexFile,
        string journalFile,
        TimeProvider time,
        ILogger<SqliteThreadIndex> log,
        CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = new SqliteConnection(ConnectionTo(indexFile));
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS thread_index (
                thread_id TEXT NOT NULL PRIMARY KEY,
                sequence_nr INTEGER NOT NULL,
                status TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                wake_at TEXT NULL,
                metadata TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS thread_index_wake_at_idx ON thread_index (wake_at) WHERE wake_at IS NOT NULL;
            """,
            cancellationToken: cancellationToken));
        if (File.Exists(journalFile))
            await ReadJournalAsync(journalFile, cancellationToken);
        return new SqliteThreadIndex(indexFile, journalFile, time, log);
    }

    /// <inheritdoc />
    public void Note(ThreadIndexEntry entry) => Take(entry.ThreadId, entry);

    /// <inheritdoc />
    public void Forget(ThreadId thread) => Take(thread, null);

    /// <inheritdoc />
    public async Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken)
    {
        await FlushAsync(); // Who has been answered finds what the answer said.
        await using var connection = new SqliteConnection(ConnectionTo(_indexFile));
        await connection.OpenAsync(cancellationToken);
        return await SqliteThreadSearch.RunAsync(connection, query, cancellationToken);
    }

    /// <summary>Reads the journal's file once: one that cannot be read ends the start, and not a search.</summary>
    private static async Task ReadJournalAsync(string journalFile, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(ConnectionTo(journalFile) + ";Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM sqlite_master", cancellationToken: cancellationToken));
    }

    private void Take(ThreadId thread, ThreadIndexEntry? entry)
    {
        _notes[thread] = entry;
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

    /// <inheritdoc />
    public async Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken)
    {
        // Not from the pool, where it would hold the journal's file for as long as the process lives.
        await using var connection = new SqliteConnection(ConnectionTo(_indexFile) + ";Pooling=False");
        await connection.OpenAsync(cancellationToken);
        var ids = (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT thread_id FROM thread_index WHERE wake_at IS NOT NULL", cancellationToken: cancellationToken))).ToList();
        if (File.Exists(_journalFile))
            ids.AddRange(await BehindAsync(connection, cancellationToken));
        return [.. ids.Distinct(StringComparer.Ordinal).Select(Parse)];
    }

    /// <summary>Writes what is noted, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        _stopping.Dispose();
        _noted.Dispose();
        _flushing.Dispose();
    }

    /// <summary>The threads of which the journal knows more than the index.</summary>
    private async Task<IEnumerable<string>> BehindAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "ATTACH DATABASE @journal AS recorded", new { journal = _journalFile }, cancellationToken: cancellationToken));
        var hasJournal = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT count(*) FROM recorded.sqlite_master WHERE type = 'table' AND name = 'journal'",
            cancellationToken: cancellationToken));
        return !hasJournal
            ? []
            : await connection.QueryAsync<string>(new CommandDefinition(
                """
                SELECT substr(j.persistence_id, 8)
                FROM (SELECT persistence_id, max(sequence_number) AS highest FROM recorded.journal
                      WHERE deleted = 0 GROUP BY persistence_id) j
                LEFT JOIN thread_index i ON i.thread_id = substr(j.persistence_id, 8)
                WHERE j.persistence_id LIKE 'thread-%' AND (i.sequence_nr IS NULL OR i.sequence_nr < j.highest)
                """,
                cancellationToken: cancellationToken));
    }

    private async Task WriteAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _noted.WaitAsync(_stopping.Token);
                await FlushAsync();
                await Task.Delay(WriteEvery, _time, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                await FlushAsync();
            }
        }
    }

    private async Task FlushAsync()
    {
        await _flushing.WaitAsync(CancellationToken.None);
        var entries = new List<KeyValuePair<ThreadId, ThreadIndexEntry?>>();
        try
        {
            foreach (var thread in _notes.Keys)
            {
                if (_notes.TryRemove(thread, out var entry))
                    entries.Add(new(thread, entry));
            }

            if (entries.Count > 0)
                await WriteAsync(entries);
        }
        catch (SqliteException failure)
        {
            _log.LogWarning(failure, "{Count} entries of the thread index could not be written to {File}; "
                + "what they say is found in the journal at the next start", entries.Count, _indexFile);
        }
        finally
        {
            _flushing.Release();
        }
    }

    private async Task WriteAsync(List<KeyValuePair<ThreadId, ThreadIndexEntry?>> entries)
    {
        // A started write is not cancelled: it is short, and its entries are in no other place.
        await using var connection = new SqliteConnection(ConnectionTo(_indexFile));
        await connection.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync("PRAGMA synchronous = NORMAL"); // The journal can tell all of it again.
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await connection.ExecuteAsync(
            "DELETE FROM thread_index WHERE thread_id = @ThreadId",
            entries.Where(entry => entry.Value is null).Select(entry => new { ThreadId = entry.Key.ToString() }),
            transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO thread_index (thread_id, sequence_nr, status, created_at, updated_at, wake_at, metadata)
            VALUES (@ThreadId, @SequenceNr, @Status, @CreatedAt, @UpdatedAt, @WakeAt, @Metadata)
            ON CONFLICT (thread_id) DO UPDATE SET
                sequence_nr = excluded.sequence_nr,
                status = excluded.status,
                created_at = excluded.created_at,
                updated_at = excluded.updated_at,
                wake_at = excluded.wake_at,
                metadata = excluded.metadata
            WHERE excluded.sequence_nr >= sequence_nr
            """,
            entries.Select(entry => entry.Value).OfType<ThreadIndexEntry>().Select(entry => new
            {
                ThreadId = entry.ThreadId.ToString(),
                entry.SequenceNr,
                Status = JsonNames.Of(entry.Status),
                CreatedAt = SqliteTime.Text(entry.CreatedAt),
                UpdatedAt = SqliteTime.Text(entry.UpdatedAt),
                WakeAt = entry.WakeAt is { } wakeAt ? SqliteTime.Text(wakeAt) : null,
                Metadata = JsonMaps.Text(entry.Metadata),
            }),
            transaction);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static string ConnectionTo(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ToString();

    internal static ThreadId Parse(string text) => ThreadId.TryParse(text, out var id)
        ? id
        : throw new FormatException($"The thread index holds '{text}', which is no thread id.");
}
