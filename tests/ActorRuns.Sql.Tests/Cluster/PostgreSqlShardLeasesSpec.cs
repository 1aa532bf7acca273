using ActorRuns.Cluster;
using ActorRuns.Engine.Tests.Persistence;
using Npgsql;
using Xunit;

namespace ActorRuns.Sql.Tests.Cluster;

/// <summary>The leases on a real server. Time passes by setting all that is recorded back.</summary>
public sealed class PostgreSqlShardLeasesSpec(PostgreSqlServer server)
    : ShardLeasesTck, IClassFixture<PostgreSqlServer>, IAsyncLifetime
{
    private readonly string _database = $"leases_{Guid.NewGuid():N}";
    private NpgsqlDataSource? _source;
    private PostgreSqlShardLeases? _leases;

    protected override IShardLeases Leases => _leases!; // Opened before each test.

    public async Task InitializeAsync()
    {
        server.Execute($"create database {_database}");
        _source = NpgsqlDataSource.Create(server.ConnectionString(_database));
        _leases = await PostgreSqlShardLeases.OpenAsync(_source, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _leases!.DisposeAsync();
        await _source!.DisposeAsync();
        server.Execute($"drop database {_database} with (force)");
    }

    [Fact]
    public async Task Members_that_start_at_once_make_the_tables_once()
    {
        server.Execute($"create database {_database}_new");
        var connection = $"{server.ConnectionString($"{_database}_new")};Pooling=False";
        await using (var source = NpgsqlDataSource.Create(connection))
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
                Task.Run(() => PostgreSqlShardLeases.OpenAsync(source, CancellationToken.None))));

            Assert.Equal(5, opened.Length);
            Assert.Equal(Shard.Count, await CountAsync(source, "select count(*) from shard_lease"));
        }

        server.Execute($"drop database {_database}_new");
    }

    [Fact]
    public async Task A_server_that_is_gone_is_told_as_such()
    {
        await using var source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody");
        await Assert.ThrowsAsync<NpgsqlException>(() =>
            PostgreSqlShardLeases.OpenAsync(source, CancellationToken.None));

        server.Execute($"drop database {_database} with (force)");
        await Assert.ThrowsAsync<LeasesUnavailableException>(() =>
            Leases.LeaveAsync(new MemberId(Guid.Empty), CancellationToken.None));
        server.Execute($"create database {_database}");
    }

    protected override async Task PassAsync(TimeSpan time)
    {
        await using var command = _source!.CreateCommand(
            """
            update shard_lease set expires_at = expires_at - $1;
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = time });
        await command.ExecuteNonQueryAsync();
        await using var members = _source.CreateCommand(
            "update member set expires_at = expires_at - $1, heartbeat = heartbeat - $1");
        members.Parameters.Add(new NpgsqlParameter { Value = time });
        await members.ExecuteNonQueryAsync();
    }

    /// <summary>The server lists who listens.</summary>
    protected override async Task ReadyToHearAsync()
    {
        while (await CountAsync(_source!, "select count(*) from pg_stat_activity where query like 'LISTEN%'") is 0)
            await Task.Yield();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
#pragma warning disable CA2100 // The tests' own texts.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
