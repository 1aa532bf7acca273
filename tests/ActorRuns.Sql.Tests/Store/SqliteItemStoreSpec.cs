using ActorRuns.Store;
using Dapper;
using Microsoft.Data.Sqlite;
using Xunit;

namespace ActorRuns.Sql.Tests.Store;

public sealed class SqliteItemStoreSpec : ItemStoreTck
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IItemStore> OpenAsync() => new SqlItemStore(await _folder.OpenAsync(), Time);

    public override async Task DisposeAsync() => await _folder.RemoveAsync();

    [Fact]
    public async Task What_is_kept_is_there_when_the_file_is_opened_again()
    {
        await PutAsync("a", "k");

        var reopened = await OpenAsync();

        Assert.NotNull(await reopened.GetAsync(Space("a"), "k", refreshesTtl: false, CancellationToken.None));
    }

    [Fact]
    public async Task What_has_lasted_its_time_leaves_the_file_with_the_next_put()
    {
        await PutAsync("a", "old", ttl: Minute);
        Time.Advance(Minute);

        await PutAsync("a", "new");

        await using var connection = new SqliteConnection($"Data Source={_folder.File}");
        Assert.Equal(["new"], await connection.QueryAsync<string>("SELECT key FROM store_item"));
    }
}
