using System.Data.Common;
using System.Text.Json;
using ActorRuns.Hosting;
using Dapper;

namespace ActorRuns.Sql;

/// <summary>
/// A database whose tables hold what is kept beside the journal. The statements of the stores are the same on every
/// kind of database; here is where kinds differ.
/// </summary>
public abstract class SqlDatabase : IAsyncDisposable
{
    private protected SqlDatabase(string description) => Description = description;

    /// <summary>Where it is, for people and logs; it holds no secret.</summary>
    public string Description { get; }

    /// <summary>Makes a query keep its rows from other writers until the transaction ends; may be empty.</summary>
    internal abstract string ForUpdate { get; }

    /// <summary>Removes items whose time is over at <c>@Now</c>; never waits for another writer.</summary>
    internal abstract string SweepItems { get; }

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <summary>Completes when the database answers.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => ReadAsync(
        connection => connection.ExecuteScalarAsync<int>(
            new CommandDefinition("SELECT count(*) FROM cron", cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Opens a connection whose commits are on the disk when they return.</summary>
    internal abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Whether the database cannot be reached, or can do nothing now, whatever it is asked.</summary>
    internal abstract bool IsUnavailable(DbException fault);

    /// <summary>A list of texts, the parameter of this name, as rows of a query.</summary>
    internal abstract string RowsOf(string jsonParameter);

    /// <summary>
    /// A condition, after <c>AND</c>, that lets those threads pass whose metadata contains the filter, and perhaps
    /// others; empty where the database cannot tell.
    /// </summary>
    internal virtual string Sift(JsonElement filter, DynamicParameters parameters) => "";

    /// <summary>A text as it can be stored; texts are in the same order as what is stored.</summary>
    internal virtual string Stored(string text) => text;

    /// <summary>The text that was stored as this.</summary>
    internal virtual string Original(string stored) => stored;

    /// <summary>Reads.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    internal async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await ConnectAsync(cancellationToken);
            return await read(connection);
        }
        catch (DbException fault) when (IsUnavailable(fault))
        {
            throw new StoreUnavailableException(Description, fault);
        }
    }

    /// <summary>Makes a change, as one transaction; what it throws leaves all as it was.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    internal Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
            {
                // Short, and never half done: from here on it is not cancelled.
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                var result = await change(transaction);
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            },
            cancellationToken);
}
