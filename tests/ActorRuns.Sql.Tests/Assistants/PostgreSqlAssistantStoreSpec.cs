using ActorRuns.Assistants;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Sql.Tests.PostgreSql;
using Xunit;

namespace ActorRuns.Sql.Tests.Assistants;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlAssistantStoreSpec(PostgreSqlServer server) : AssistantStoreTck
{
    private readonly ScratchDatabase _database = new(server);

    protected override async Task<IAssistantStore> OpenAsync() => new SqlAssistantStore(await _database.OpenAsync());

    public override async Task DisposeAsync() => await _database.RemoveAsync();

    [Fact]
    public async Task Members_that_patch_one_assistant_at_the_same_time_make_a_version_each()
    {
        var version = new AssistantVersion { Number = 1, GraphId = new("agent"), CreatedAt = DateTimeOffset.UnixEpoch };
        var assistant = new Assistant(new(Guid.NewGuid()), version, version.CreatedAt, version.CreatedAt);
        await Store.AddAsync(assistant, CancellationToken.None);
        var members = new[] { Store, await OpenAsync(), await OpenAsync() };

        await Task.WhenAll(Enumerable.Range(0, 30).Select(number => members[number % 3].PatchAsync(
            assistant.Id, new AssistantPatch { Name = $"{number}" }, version.CreatedAt, CancellationToken.None)));

        var versions = await Store.ReadVersionsAsync(assistant.Id, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 31).Reverse(), versions.Select(made => made.Number));
        Assert.Equal(31, (await Store.FindAsync(assistant.Id, CancellationToken.None))!.Current.Number);
    }
}
