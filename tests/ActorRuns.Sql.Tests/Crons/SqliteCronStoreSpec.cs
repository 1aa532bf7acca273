using ActorRuns.Crons;
using Xunit;

namespace ActorRuns.Sql.Tests.Crons;

public sealed class SqliteCronStoreSpec : CronStoreTck, IDisposable
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<ICronStore> OpenAsync() =>
        await SqliteCronStore.OpenAsync(_folder.File, CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_kept_is_there_when_the_file_is_opened_again()
    {
        var cron = await AddAsync();

        var reopened = await OpenAsync();

        var due = await reopened.FindDueAsync(DateTimeOffset.MaxValue, CancellationToken.None);
        Assert.Equal(cron.Id, Assert.Single(due).Id);
    }
}
