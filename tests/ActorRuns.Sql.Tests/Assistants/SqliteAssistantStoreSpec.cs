using ActorRuns.Assistants;
using Xunit;

namespace ActorRuns.Sql.Tests.Assistants;

public sealed class SqliteAssistantStoreSpec : AssistantStoreTck
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<IAssistantStore> OpenAsync() => new SqlAssistantStore(await _folder.OpenAsync());

    public override async Task DisposeAsync() => await _folder.RemoveAsync();

    [Fact]
    public async Task What_is_kept_is_there_when_the_file_is_opened_again()
    {
        var version = new AssistantVersion { Number = 1, GraphId = new("agent"), CreatedAt = DateTimeOffset.UnixEpoch };
        var assistant = new Assistant(new(Guid.NewGuid()), version, version.CreatedAt, version.CreatedAt);
        await Store.AddAsync(assistant, CancellationToken.None);

        var reopened = await OpenAsync();

        Assert.NotNull(await reopened.FindAsync(assistant.Id, CancellationToken.None));
    }
}
