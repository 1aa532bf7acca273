using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace ActorRuns.Sql;

/// <summary>
/// A PostgreSQL database, which several members may share: journal, snapshots and what is kept beside them are in one
/// schema, the first of the connection's search path.
/// </summary>
public sealed class PostgreSqlDatabase : SqlDatabase
{
    /// <summary>The oldest major version of the server that is let pass.</summary>
    public const int OldestVersion = 14;

    private PostgreSqlDatabase(PostgreSqlAddress address)
        : base(address.Description)
    {
        ConnectionString = address.ConnectionString;
        Source = NpgsqlDataSource.Create(address.PooledConnectionString);
    }

    /// <summary>How the journal connects; it may hold a password.</summary>
    public string ConnectionString { get; }

    /// <summary>The connections that are not the journal's.</summary>
    public NpgsqlDataSource Source { get; }

    internal override string ForUpdate => "FOR UPDATE";

    internal override string SweepItems =>
        """
        DELETE FROM store_item WHERE (namespace, key) IN (
            SELECT namespace, key FROM store_item WHERE expires_at <= @Now LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>
    /// Connects, and makes or changes the tables as this build wants them. Members that start at the same time wait for
    /// each other.
    /// </summary>
    /// <param name="connectionString">In the driver's words, or a <c>postgres://</c> address.</param>
    /// <param name="cancellationToken">Gives up; what was begun is undone.</param>
    /// <exception cref="IOException">
    /// The text is no connection string, the server cannot be reached, is too old or refuses, or the tables are of a
    /// newer build. The message says which, and holds no secret.
    /// </exception>
    public static Task<PostgreSqlDatabase> OpenAsync(string connectionString, CancellationToken cancellationToken) =>
        OpenAsync(connectionString, OldestVersion, PostgreSqlSchema.Steps, cancellationToken);

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => Source.DisposeAsync();

    internal static async Task<PostgreSqlDatabase> OpenAsync(
        string connectionString,
        int oldestVersion,
        IReadOnlyList<SchemaStep> steps,
        CancellationToken cancellationToken)
    {
        var address = PostgreSqlAddress.Read(connectionString);
        var database = new PostgreSqlDatabase(address);
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < oldestVersion)
            {
                throw new IOException($"The {address.Description} is of version {connection.PostgreSqlVersion}; "
                    + $"it must be {oldestVersion} or newer.");
            }

            await PostgreSqlSchema.MigrateAsync(connection, address, steps, cancellationToken);
            return database;
        }
        catch (Exception fault)
        {
            await database.DisposeAsync();
            if (fault is ExternalException or TimeoutException) // Of the database, or of the network below it.
                throw new IOException(address.Explain(fault), fault);
            throw;
        }
    }

    internal override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is ExternalException and not DbException or TimeoutException)
        {
            throw new NpgsqlException(fault.Message, fault); // A name that is not found, for one.
        }
    }

    /// <summary>By the class of the SQL state: connection, rollback, resources, intervention, system.</summary>
    internal override bool IsUnavailable(DbException fault) => fault is not PostgresException refused
        || refused.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable
        || refused.SqlState[..2] is "08" or "40" or "53" or "57" or "58";

    internal override string RowsOf(string jsonParameter) =>
        $"SELECT json_array_elements_text({jsonParameter}::json)";

    internal override string Sift(JsonElement filter, DynamicParameters parameters)
    {
        if (!SearchableJson.Is(filter))
            return "";

        parameters.Add("Filter", filter.GetRawText(), System.Data.DbType.String);
        return "AND (searchable @> @Filter::jsonb OR searchable IS NULL)";
    }

    /// <summary>
    /// PostgreSQL has no character 0 in its texts. It is stored as two, and so is the character after it, so that no
    /// two texts are stored alike.
    /// </summary>
    internal override string Stored(string text) => text.AsSpan().ContainsAny('\0', '\u0001')
        ? text.Replace("\u0001", "\u0001\u0002", StringComparison.Ordinal)
            .Replace("\0", "\u0001\u0001", StringComparison.Ordinal)
        : text;

    internal override string Original(string stored) => stored.Contains('\u0001', StringComparison.Ordinal)
        ? stored.Replace("\u0001\u0001", "\0", StringComparison.Ordinal)
            .Replace("\u0001\u0002", "\u0001", StringComparison.Ordinal)
        : stored;
}
