using ActorRuns.Crons;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Sql.Tests.PostgreSql;
using Xunit;

namespace ActorRuns.Sql.Tests.Crons;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlCronStoreSpec(PostgreSqlServer server) : CronStoreTck
{
    private readonly ScratchDatabase _database = new(server);

    protected override async Task<ICronStore> OpenAsync() => new SqlCronStore(await _database.OpenAsync());

    public override async Task DisposeAsync() => await _database.RemoveAsync();

    [Fact]
    public async Task Of_members_that_plan_the_next_slot_of_one_cron_only_the_first_finds_it_due()
    {
        var cron = await AddAsync();
        var members = new[] { Store, await OpenAsync(), await OpenAsync() };
        var due = cron.NextRunAt!.Value;
        var planned = 0;

        await Task.WhenAll(members.Select(member => member.ChangeAsync(
            cron.Id,
            known =>
            {
                if (known.NextRunAt == due)
                    Interlocked.Increment(ref planned);
                return known.Passed(due, due);
            },
            CancellationToken.None)));

        Assert.Equal(1, planned);
        Assert.Equal(due.AddHours(1), await Store.FindNextAsync(CancellationToken.None));
    }
}
