using System.Diagnostics.CodeAnalysis;
using ActorRuns.Cluster;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Sql.Tests.PostgreSql;
using Npgsql;
using Xunit;

namespace ActorRuns.Sql.Tests.Cluster;

/// <summary>The leases on a real server. Time passes by setting all that is recorded back.</summary>
[Collection(PostgreSqlCollection.Name)]
[SuppressMessage("Design", "CA1001", Justification = "The test runner disposes it after each test.")]
public sealed class PostgreSqlShardLeasesSpec(PostgreSqlServer server) : ShardLeasesTck, IAsyncLifetime
{
    private readonly ScratchDatabase _scratch = new(server);
    private PostgreSqlDatabase? _database;
    private PostgreSqlShardLeases? _leases;

    protected override IShardLeases Leases => _leases!; // Opened before each test.

    public async Task InitializeAsync()
    {
        _database = await _scratch.OpenAsync();
        _leases = new PostgreSqlShardLeases(_database);
    }

    public async Task DisposeAsync()
    {
        await _leases!.DisposeAsync();
        await _scratch.RemoveAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_as_such()
    {
        await _scratch.QueryAsync<int>("alter table shard_lease rename to hidden");

        await Assert.ThrowsAsync<LeasesUnavailableException>(() =>
            Leases.LeaveAsync(new MemberId(Guid.Empty), CancellationToken.None));
    }

    protected override async Task PassAsync(TimeSpan time)
    {
        await _scratch.QueryAsync<int>("update shard_lease set expires_at = expires_at - @time", new { time });
        await _scratch.QueryAsync<int>(
            "update member set expires_at = expires_at - @time, heartbeat = heartbeat - @time", new { time });
    }

    /// <summary>The server lists who listens.</summary>
    protected override async Task ReadyToHearAsync()
    {
        await using var connection = new NpgsqlConnection($"{server.ConnectionString("postgres")};Pooling=False");
        await connection.OpenAsync();
        await using var listeners = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where query like 'LISTEN%'", connection);
        while ((long)(await listeners.ExecuteScalarAsync())! is 0)
            await Task.Yield();
    }
}
