using System.Net;
using ActorRuns.Hosting;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What a server says of itself while something that it needs is away.</summary>
public sealed class HealthSpec : ApiTest
{
    private readonly TaskCompletionSource _slow = new();
    private Func<CancellationToken, Task> _database = _ => Task.CompletedTask;

    protected override RuntimeStores Stores => base.Stores with
    {
        Checks = [new("database", cancelled => _database(cancelled)), new("disk", _ => Task.CompletedTask)],
    };

    [Fact]
    public async Task A_server_that_has_all_is_ready()
    {
        var answer = await GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"status":"ready","checks":{"database":"ok","disk":"ok"}}""", answer.Body);
    }

    [Fact]
    public async Task What_is_away_is_named_and_why_is_for_the_log()
    {
        _database = _ => throw new InvalidOperationException("a secret place");

        var answer = await GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal("""{"status":"unready","checks":{"database":"failed","disk":"ok"}}""", answer.Body);
        var told = Assert.Single(Log.Entries).Text;
        Assert.Contains("the database failed: a secret place", told, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task What_does_not_answer_in_time_is_away_whether_it_gives_up_or_not()
    {
        var gaveUp = new TaskCompletionSource();
        _database = cancelled =>
        {
            cancelled.Register(gaveUp.SetResult);
            return _slow.Task;
        };

        var answer = await MoveTimeUntilAsync(GetAsync("/health/ready"), TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        await gaveUp.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_that_stops_is_not_ready()
    {
        App.Lifetime.StopApplication();

        var answer = await GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("stopping", answer.Text("status"));
    }
}
