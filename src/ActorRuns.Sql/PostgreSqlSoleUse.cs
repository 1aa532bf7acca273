using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ActorRuns.Sql;

/// <summary>
/// Keeps other runtimes off a database for one that is alone: each of two would take the other's runs for lost, and run
/// them again. The server lets go of it when the process ends, however it does; after a line that broke it is taken
/// again.
/// </summary>
public sealed class PostgreSqlSoleUse : IAsyncDisposable
{
    /// <summary>Who is alone has the lock for itself; who starts takes a share of it for a moment.</summary>
    internal const string TryShare = $"SELECT pg_try_advisory_xact_lock_shared({Key})";

    // A schema of its own is as good as a database.
    private const string Key = "hashtext('actorruns.sole.' || current_schema())";

    private const string Take = $"SELECT pg_advisory_lock({Key})";


    // Longer than the moment for which somebody who starts has a share.
    private const string Patience = "SET lock_timeout = '3s'";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly PostgreSqlDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _keeping;
    private NpgsqlConnection _connection;

    private PostgreSqlSoleUse(
        PostgreSqlDatabase database, NpgsqlConnection connection, TimeProvider time, ILogger log)
    {
        (_database, _connection, _time, _log) = (database, connection, time, log);
        _keeping = KeepAsync();
    }

    /// <summary>Takes the database for a runtime that is no member of a cluster.</summary>
    /// <param name="database">The database. Who opened it disposes it, after this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told that others are there after all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Another one is alone there, or it cannot be reached.</exception>
    public static async Task<PostgreSqlSoleUse> TakeAsync(
        PostgreSqlDatabase database,
        TimeProvider time,
        ILogger<PostgreSqlSoleUse> log,
        CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(database, cancellationToken);
            return new PostgreSqlSoleUse(database, connection, time, log);
        }
        catch (DbException fault)
        {
            throw new IOException($"The {database.Description} cannot be had alone: {fault.Message}", fault);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _keeping;
        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>What is told when somebody else is alone on a database.</summary>
    internal static IOException Taken(string description) => new(
        $"Another runtime is at work on the {description}; two that are no members of one cluster would run each "
        + "other's runs.");

    private static async Task<NpgsqlConnection> ConnectAsync(
        PostgreSqlDatabase database, CancellationToken cancellationToken)
    {
        // A session of its own, which must not come from a pool, nor go back there.
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, Patience, cancellationToken);
            await ExecuteAsync(connection, Take, cancellationToken);
            return connection;
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            await connection.DisposeAsync();
            throw Taken(database.Description);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Every text is a literal in this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Looks now and then whether the session is still there, and begins another one if not.</summary>
    private async Task KeepAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await LookAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is given up.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (_connection.FullState is System.Data.ConnectionState.Open)
                await ExecuteAsync(_connection, "SELECT 1", _stopping.Token);
            else
                _connection = await ConnectAsync(_database, _stopping.Token);
        }
        catch (DbException fault)
        {
            await _connection.CloseAsync();
            _log.LogWarning("The {Database} does not answer, and is taken again when it does: {Fault}",
                _database.Description, fault.Message);
        }
        catch (IOException taken)
        {
            _log.LogError("While the line was broken another runtime came: {Fault}", taken.Message);
        }
    }
}
