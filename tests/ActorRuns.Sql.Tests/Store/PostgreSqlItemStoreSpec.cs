using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Sql.Tests.PostgreSql;
using ActorRuns.Store;
using Npgsql;
using Xunit;

namespace ActorRuns.Sql.Tests.Store;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlItemStoreSpec(PostgreSqlServer server) : ItemStoreTck
{
    private readonly ScratchDatabase _database = new(server);

    protected override async Task<IItemStore> OpenAsync() => new SqlItemStore(await _database.OpenAsync(), Time);

    public override async Task DisposeAsync() => await _database.RemoveAsync();

    [Fact]
    public async Task What_has_lasted_its_time_leaves_the_table_with_the_next_put()
    {
        await PutAsync("a", "old", ttl: Minute);
        Time.Advance(Minute);

        await PutAsync("a", "new");

        Assert.Equal(["new"], await _database.QueryAsync<string>("SELECT key FROM store_item"));
    }

    [Fact]
    public async Task What_another_member_is_about_to_remove_is_not_waited_for()
    {
        await PutAsync("a", "old", ttl: Minute);
        Time.Advance(Minute);
        await using var other = new NpgsqlConnection($"{_database.ConnectionString};Pooling=False");
        await other.OpenAsync();
        await using var sweep = await other.BeginTransactionAsync();
        await using var lockIt = new NpgsqlCommand("SELECT FROM store_item FOR UPDATE", other, sweep);
        await lockIt.ExecuteNonQueryAsync();

        await PutAsync("a", "new");

        Assert.NotNull(await Store.GetAsync(Space("a"), "new", refreshesTtl: false, CancellationToken.None));
        Assert.Null(await Store.GetAsync(Space("a"), "old", refreshesTtl: false, CancellationToken.None));
    }
}
