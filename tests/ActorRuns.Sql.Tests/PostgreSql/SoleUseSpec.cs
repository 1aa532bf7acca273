using ActorRuns.Engine.Tests.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Sql.Tests.PostgreSql;

[Collection(PostgreSqlCollection.Name)]
public sealed class SoleUseSpec(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly ScratchDatabase _database = new(server);
    private readonly FakeTimeProvider _time = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _database.RemoveAsync();

    [Fact]
    public async Task Whoever_comes_while_somebody_is_alone_there_is_refused_and_changes_nothing()
    {
        await using var alone = await TakeAsync();

        var refused = await Assert.ThrowsAsync<IOException>(_database.OpenAsync);

        Assert.StartsWith("Another runtime is at work on the PostgreSQL database", refused.Message);
    }

    [Fact]
    public async Task Who_was_alone_there_and_is_gone_keeps_nobody_off()
    {
        await (await TakeAsync()).DisposeAsync();

        await using var next = await TakeAsync();
    }

    [Fact]
    public async Task Other_schemas_of_the_database_are_others_to_have()
    {
        var other = new ScratchDatabase(server);
        await using var alone = await TakeAsync();

        await other.OpenAsync();

        await other.RemoveAsync();
    }

    [Fact]
    public async Task After_a_line_that_broke_it_is_taken_again()
    {
        await using var alone = await TakeAsync();
        var first = Assert.Single(await HoldersAsync());
        await _database.QueryAsync<bool>("select pg_terminate_backend(@first)", new { first });

        var late = DateTime.UtcNow.AddSeconds(20);
        while (await HoldersAsync() is not [var holder] || holder == first) // It takes the server a moment to end one.
        {
            Assert.True(DateTime.UtcNow < late, "Nobody has it.");
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await Assert.ThrowsAsync<IOException>(_database.OpenAsync);
    }

    private async Task<PostgreSqlSoleUse> TakeAsync() => await PostgreSqlSoleUse.TakeAsync(
        await _database.OpenAsync(), _time, NullLogger<PostgreSqlSoleUse>.Instance, CancellationToken.None);

    private Task<IReadOnlyList<int>> HoldersAsync() =>
        _database.QueryAsync<int>("select pid from pg_locks where locktype = 'advisory' and granted");
}
