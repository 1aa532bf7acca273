using ActorRuns.Engine.Tests.Persistence;
using Xunit;

namespace ActorRuns.Sql.Tests.PostgreSql;

[Collection(PostgreSqlCollection.Name)]
public sealed class SchemaSpec(PostgreSqlServer server) : IAsyncLifetime
{
    private const string Secret = "s3cr3t;w0rd";

    private static readonly SchemaStep First = new("CREATE TABLE first (id integer)");
    private static readonly SchemaStep Second = new("ALTER TABLE first ADD COLUMN more integer NULL");
    private static readonly SchemaStep Breaking = new("ALTER TABLE first RENAME TO second") { BreaksOlder = true };

    private readonly ScratchDatabase _database = new(server);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _database.RemoveAsync();

    [Fact]
    public async Task Members_that_start_at_the_same_time_make_the_tables_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(_database.OpenAsync)));

        Assert.Equal(
            Enumerable.Range(1, PostgreSqlSchema.Steps.Count),
            await _database.QueryAsync<int>("select version from actorruns_schema order by version"));
    }

    [Fact]
    public async Task Steps_that_an_older_build_took_are_not_taken_again()
    {
        await OpenAsync(First);

        await OpenAsync(First, Second);
        await OpenAsync(First, Second);

        Assert.Equal([1, 2], await _database.QueryAsync<int>("select version from actorruns_schema order by version"));
        Assert.Empty(await _database.QueryAsync<int>("select more from first"));
    }

    [Fact]
    public async Task A_step_that_fails_undoes_those_before_it()
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => OpenAsync(First, new SchemaStep("CREATE TABEL")));

        Assert.Contains("failed: syntax error", fault.Message);
        Assert.Empty(await _database.QueryAsync<string>(
            "select tablename::text from pg_tables where schemaname = current_schema()"));
    }

    [Fact]
    public async Task A_build_that_is_older_than_the_tables_works_with_them_unless_a_step_forbids_it()
    {
        await OpenAsync(First, Second);
        await OpenAsync(First);
        await OpenAsync(First, Second, Breaking);

        var fault = await Assert.ThrowsAsync<IOException>(() => OpenAsync(First, Second));

        Assert.Contains(
            $"The PostgreSQL database 'postgres' at 127.0.0.1:{server.Port} has tables of version 3, which builds can "
            + "work with that know version 3; this one knows 2. Use a newer build.",
            fault.Message);
    }

    [Fact]
    public async Task A_server_that_is_too_old_is_told_with_what_is_needed()
    {
        var fault = await Assert.ThrowsAsync<IOException>(() =>
            PostgreSqlDatabase.OpenAsync(_database.ConnectionString, 99, [], CancellationToken.None));

        Assert.Matches(@"is of version \d+\.\d+; it must be 99 or newer\.$", fault.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_its_address()
    {
        var fault = await FaultOfAsync($"Host=127.0.0.1;Port=1;Username=u;Password='{Secret}';Database=d");

        Assert.Equal("No PostgreSQL server answers at 127.0.0.1:1: Connection refused", fault);
    }

    [Fact]
    public async Task A_host_that_nobody_knows_is_told()
    {
        var fault = await FaultOfAsync($"Host=nowhere.invalid;Username=u;Password='{Secret}'");

        Assert.StartsWith("No PostgreSQL server answers at nowhere.invalid:5432: ", fault);
    }

    [Fact]
    public async Task A_login_that_is_refused_is_told_with_the_user()
    {
        var fault = await FaultOfAsync(
            $"Host=127.0.0.1;Port={server.Port};Username=nobody;Password='{Secret}';Database=postgres");

        Assert.Equal(
            $"The server at 127.0.0.1:{server.Port} refuses the login of 'nobody': role \"nobody\" does not exist",
            fault);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_how_to_make_it()
    {
        var fault = await FaultOfAsync(
            $"postgres://postgres:{Uri.EscapeDataString(Secret)}@127.0.0.1:{server.Port}/none");

        Assert.Equal(
            $"The server at 127.0.0.1:{server.Port} has no database 'none'; make it with CREATE DATABASE \"none\".",
            fault);
    }

    [Fact]
    public async Task Who_may_not_make_tables_is_told()
    {
        var user = $"reader_{Guid.NewGuid():N}";
        server.Execute($"create role {user} login");
        try
        {
            var fault = await FaultOfAsync(
                $"Host=127.0.0.1;Port={server.Port};Username={user};Password='{Secret}';Database=postgres");

            Assert.Equal(
                $"'{user}' may not make the tables in the PostgreSQL database 'postgres' at 127.0.0.1:{server.Port}: "
                + "permission denied for schema public",
                fault);
        }
        finally
        {
            server.Execute($"drop role {user}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host")]
    [InlineData("Host=h;Pasword=s3cr3t;w0rd")]
    [InlineData("Host=h;Port=s3cr3t;w0rd")]
    [InlineData("postgres://u:s3cr3t;w0rd@h:port/d")]
    [InlineData("postgres://u:s3cr3t;w0rd@h/d?sslmoode=require")]
    [InlineData("mysql://u:s3cr3t;w0rd@h/d")]
    public async Task A_text_that_is_no_connection_string_is_told_and_not_repeated(string text)
    {
        var fault = await FaultOfAsync(text);

        Assert.StartsWith("The text that says where PostgreSQL is can be neither read as Host=", fault);
    }

    private async Task OpenAsync(params SchemaStep[] steps)
    {
        await using var database = await PostgreSqlDatabase.OpenAsync(
            _database.ConnectionString, PostgreSqlDatabase.OldestVersion, steps, CancellationToken.None);
    }

    /// <summary>The message of the fault, of which nothing tells the secret.</summary>
    private static async Task<string> FaultOfAsync(string connectionString)
    {
        var fault = await Assert.ThrowsAsync<IOException>(() =>
            PostgreSqlDatabase.OpenAsync(connectionString, CancellationToken.None));

        Assert.DoesNotContain("s3cr3t", $"{fault}");
        Assert.DoesNotContain("w0rd", $"{fault}");
        return fault.Message;
    }
}
