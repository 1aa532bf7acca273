using ActorRuns.Server.Tests.Processes;
using Npgsql;
using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

/// <summary>A server that is told where PostgreSQL is.</summary>
public sealed class PostgreSqlSpec
{
    private const string Secret = "s3cr3t";

    [Fact]
    public async Task It_says_which_database_it_has_and_never_the_password()
    {
        using var folder = new ScratchFolder();
        var said = new NpgsqlConnectionStringBuilder(PostgreSqlJournals.New());

        await using var server = await ServerProcess.StartAsync(
            folder, $"postgres://{said.Username}:{Secret}@{said.Host}:{said.Port}/{said.Database}");
        await server.Client.NewThreadAsync();
        var ended = await server.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal($"PostgreSQL database '{said.Database}' at {said.Host}:{said.Port}", server.JournalFile);
        Assert.DoesNotContain(Secret, ended.Output + ended.Errors, StringComparison.Ordinal);
        Assert.Equal(0, ended.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.FullName));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_and_nothing_is_started()
    {
        var ended = await RunAsync($"Host=127.0.0.1;Port=1;Username=u;Password={Secret};Database=d");

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains("The server cannot start: No PostgreSQL server answers at 127.0.0.1:1", ended.Output);
        Assert.DoesNotContain(Secret, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_and_a_database_at_once_is_a_fault()
    {
        var ended = await RunAsync("Host=h", "--data", "here");

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains(
            "--data names a folder, and ACTORRUNS_POSTGRES or hocon/postgres.conf a database", ended.Output);
    }

    private static async Task<ChildProcess.Ended> RunAsync(string postgres, params string[] arguments)
    {
        using var folder = new ScratchFolder();
        return await ServerProcess.RunAsync(
            ["--urls", "http://127.0.0.1:0", .. arguments],
            folder.FullName,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORRUNS_POSTGRES"] = postgres });
    }
}
