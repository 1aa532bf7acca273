using Akka.Persistence.Sql.Store;
using Npgsql;

namespace Akka.Persistence.Sql.PostgreSql;

/// <summary>
/// A PostgreSQL server. Several connections write, each for its share of the ids; so <c>ordering</c> tells the order of
/// the events of one id, but those of different ids may become visible in another order than they are numbered.
/// </summary>
internal sealed class PostgreSqlProvider : SqlProvider
{
    /// <summary>The first two digits of an SQL state: what was to be stored does not fit, or breaks a rule.</summary>
    private const string DataException = "22";
    private const string IntegrityViolation = "23";

    /// <summary>The first three digits: the server goes away, or comes.</summary>
    private const string Intervention = "57P";
    private const string DiskFull = "53100";
    private const string ReadOnly = "25006";

    private readonly NpgsqlConnectionStringBuilder _settings;

    public PostgreSqlProvider(SqlOptions options)
    {
        Writers = options.Parallelism;
        _settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            // Each connection has an owner that keeps it.
            Pooling = false,
            CommandTimeout = Math.Max(1, (int)Math.Ceiling(options.CallTimeout.TotalSeconds)),
        };
    }

    public override int Writers { get; }

    public override SqlSession Open()
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        try
        {
            connection.Open();
            return new PostgreSqlSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override bool IsRefusal(Exception failure) =>
        failure is PostgresException { SqlState: var state }
        && (state.StartsWith(DataException, StringComparison.Ordinal)
            || state.StartsWith(IntegrityViolation, StringComparison.Ordinal));

    public override bool IsDuplicate(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override string Explain(Exception failure)
    {
        var what = failure switch
        {
            PostgresException { SqlState: DiskFull } => "cannot grow: the disk is full",
            PostgresException { SqlState: ReadOnly } => "is read-only",
            PostgresException { SqlState: var state } when state.StartsWith(Intervention, StringComparison.Ordinal) =>
                "was shut down or is not up yet",
            PostgresException => "failed",
            NpgsqlException { InnerException: TimeoutException } => "did not answer in time",
            NpgsqlException => "is out of reach",
            _ => "failed",
        };
        return $"The PostgreSQL database '{_settings.Database}' at {_settings.Host}:{_settings.Port} {what}. "
            + failure.Message;
    }
}
