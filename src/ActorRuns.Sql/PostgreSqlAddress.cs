using System.Runtime.InteropServices;
using Npgsql;

namespace ActorRuns.Sql;

/// <summary>Where a PostgreSQL database is, and what went wrong there in words that name it and no secret.</summary>
internal sealed class PostgreSqlAddress
{
    // Of what the driver takes when nothing is said: a number that was said cannot be told from one that was not.
    private static readonly NpgsqlConnectionStringBuilder Unsaid = new();

    private readonly NpgsqlConnectionStringBuilder _said;

    private PostgreSqlAddress(NpgsqlConnectionStringBuilder said) => _said = said;

    /// <summary>The database, for people and logs.</summary>
    public string Description => $"PostgreSQL database '{_said.Database}' at {_said.Host}:{_said.Port}";

    /// <summary>As it was given, with a name by which the server's own tools tell who is connected.</summary>
    public string ConnectionString => _said.ConnectionString;

    /// <summary>The same for connections that come and go.</summary>
    /// <remarks>
    /// A request holds one for a statement or two: four for each core keep it busy while others wait for the disk.
    /// </remarks>
    public string PooledConnectionString
    {
        get
        {
            var pooled = new NpgsqlConnectionStringBuilder(_said.ConnectionString);
            if (pooled.MaxPoolSize == Unsaid.MaxPoolSize)
                pooled.MaxPoolSize = Math.Clamp(4 * Environment.ProcessorCount, 8, 64);
            if (pooled.Timeout == Unsaid.Timeout)
                pooled.Timeout = 5; // Seconds to connect, or for one of the pool: who waits is told to come back.
            if (pooled.CommandTimeout == Unsaid.CommandTimeout)
                pooled.CommandTimeout = 10;
            return pooled.ConnectionString;
        }
    }

    /// <summary>
    /// Reads a connection string, or an address such as <c>postgres://user:password@host:5432/database</c>.
    /// </summary>
    /// <exception cref="IOException">
    /// It is neither. The message does not repeat it: there may be a password in it.
    /// </exception>
    public static PostgreSqlAddress Read(string text)
    {
        try
        {
            var said = text.StartsWith("postgres://", StringComparison.Ordinal)
                || text.StartsWith("postgresql://", StringComparison.Ordinal)
                    ? OfUri(new Uri(text))
                    : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(said.Host))
                throw new FormatException("There is no host.");
            said.ApplicationName ??= "actorruns";
            said.Database ??= said.Username;
            return new PostgreSqlAddress(said);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
#pragma warning disable MA0054 // The driver's own words may repeat a part of the text, and that may be a secret.
            throw new IOException(
                "The text that says where PostgreSQL is can be neither read as "
                + "Host=…;Port=…;Username=…;Password=…;Database=… nor as postgres://user:password@host:port/database.");
#pragma warning restore MA0054
        }
    }

    /// <summary>What is wrong, for someone who has to put it right.</summary>
    public string Explain(Exception fault) => fault switch
    {
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification,
        } => $"The server at {_said.Host}:{_said.Port} refuses the login of '{_said.Username}': {Text(fault)}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            $"The server at {_said.Host}:{_said.Port} has no database '{_said.Database}'; make it with "
            + $"CREATE DATABASE \"{_said.Database}\".",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
            $"'{_said.Username}' may not make the tables in the {Description}: {Text(fault)}",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } =>
            $"The {Description} has no connection left (max_connections): {Text(fault)}",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } =>
            $"The {Description} is starting or stopping: {Text(fault)}",
        PostgresException => $"The {Description} failed: {Text(fault)}",
        NpgsqlException { InnerException: null } => $"The {Description} failed: {Text(fault)}",
        _ => $"No PostgreSQL server answers at {_said.Host}:{_said.Port}: {Text(fault)}",
    };

    private static string Text(Exception fault) => fault switch
    {
        PostgresException refused => refused.MessageText,
        { InnerException: ExternalException cause } => cause.Message,
        _ => fault.Message,
    };

    private static NpgsqlConnectionStringBuilder OfUri(Uri uri)
    {
        var (user, password) = uri.UserInfo.Split(':', 2) is [var name, var secret]
            ? (name, Uri.UnescapeDataString(secret))
            : (uri.UserInfo, null);
        var said = new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(uri.Host),
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Username = user.Length > 0 ? Uri.UnescapeDataString(user) : null,
            Password = password,
            Database = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : null,
        };
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            // libpq's names are the driver's without their spaces: sslmode, application_name, connect_timeout.
            var (key, value) = parameter.Split('=', 2) is [var given, var set] ? (given, set) : (parameter, "");
            said[key is "connect_timeout" ? "Timeout" : key.Replace('_', ' ')] = Uri.UnescapeDataString(value);
        }

        return said;
    }
}
