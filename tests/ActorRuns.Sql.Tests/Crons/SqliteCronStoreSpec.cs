using ActorRuns.Crons;
using Xunit;

namespace ActorRuns.Sql.Tests.Crons;

public sealed class SqliteCronStoreSpec : CronStoreTck
{
    private readonly SqliteFolder _folder = new();

    protected override async Task<ICronStore> OpenAsync() => new SqlCronStore(await _folder.OpenAsync());

    public override async Task DisposeAsync() => await _folder.RemoveAsync();

    [Fact]
    public async Task What_is_kept_is_there_when_the_file_is_opened_again()
    {
        var cron = await AddAsync();

        var reopened = await OpenAsync();

        var due = await reopened.FindDueAsync(DateTimeOffset.MaxValue, CancellationToken.None);
        Assert.Equal(cron.Id, Assert.Single(due).Id);
    }
}
