using System.Collections.Concurrent;
using ActorRuns.Engine.Tests.Persistence;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>
/// Databases of one PostgreSQL server, which is started when the first is asked for and ends with the test host.
/// </summary>
internal static class PostgreSqlJournals
{
    private static readonly Lazy<PostgreSqlServer> Shared = new(Start);
    private static readonly ConcurrentDictionary<string, string> OfFolders = new(StringComparer.Ordinal);

    /// <summary>
    /// True when each server that a test starts on a data folder is to be one on PostgreSQL instead:
    /// <c>ACTORRUNS_TEST_JOURNAL=postgres dotnet test tests/ActorRuns.Server.Tests</c>. Tests about files then fail.
    /// </summary>
    public static bool AreForAll { get; } =
        Environment.GetEnvironmentVariable("ACTORRUNS_TEST_JOURNAL") is "postgres";

    /// <summary>A connection string to a new database.</summary>
    public static string New()
    {
        var name = $"server_{Guid.NewGuid():N}";
        Shared.Value.Execute($"create database {name}");
        return Shared.Value.ConnectionString(name);
    }

    /// <summary>The database that stands for a data folder: the same each time.</summary>
    public static string Of(ScratchFolder data) => OfFolders.GetOrAdd(data.FullName, _ => New());

    private static PostgreSqlServer Start()
    {
        var server = new PostgreSqlServer();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    }
}
