using System.Collections.Immutable;
using ActorRuns.Cluster;
using Npgsql;
using NpgsqlTypes;

namespace ActorRuns.Sql;

/// <summary>
/// The leases in a PostgreSQL database that all members share. Its clock is the only one: no time of a member is ever
/// compared with that of another. Members hear of each other's changes by LISTEN; where that does not get through, a
/// proxy that pools by transaction for instance, they find out at their next renewal.
/// </summary>
public sealed class PostgreSqlShardLeases : IShardLeases, IAsyncDisposable
{
    private const string Channel = "actorruns_cluster";

    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _listening = new(1, 1);
    private NpgsqlConnection? _ear;

    /// <summary>Leases in a database whose tables are there.</summary>
    /// <param name="database">The database. Who opened it disposes it, after the leases.</param>
    public PostgreSqlShardLeases(PostgreSqlDatabase database) => _source = database.Source;

    /// <inheritdoc />
    public Task<LeaseView> RenewAsync(LeaseRequest request, CancellationToken cancellationToken) =>
        AskAsync(async connection =>
        {
            var members = await SayThatItIsThereAsync(connection, request, cancellationToken);
            var share = FairShare.Of(request.Member.Id, members.Select(member => member.Member));
            return new LeaseView(members, await TakeShareAsync(connection, request, share, cancellationToken));
        }, cancellationToken);

    /// <inheritdoc />
    public Task ReleaseAsync(
        MemberId member, IReadOnlyCollection<HeldLease> leases, CancellationToken cancellationToken) =>
        AskAsync(async connection =>
        {
            await using var command = new NpgsqlCommand(
                """
                UPDATE shard_lease l SET member = NULL, expires_at = '-infinity'
                FROM unnest($2::smallint[], $3::bigint[]) AS given (shard, epoch)
                WHERE l.shard = given.shard AND l.epoch = given.epoch AND l.member = $1;
                """,
                connection);
            command.Parameters.Add(new NpgsqlParameter { Value = member.Value });
            AddLeases(command.Parameters, leases);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return await TellOfChangeAsync(connection, cancellationToken);
        }, cancellationToken);

    /// <inheritdoc />
    public Task LeaveAsync(MemberId member, CancellationToken cancellationToken) => AskAsync(async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            WITH gone AS (DELETE FROM member WHERE id = $1)
            UPDATE shard_lease SET member = NULL, expires_at = '-infinity' WHERE member = $1
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = member.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await TellOfChangeAsync(connection, cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        await _listening.WaitAsync(cancellationToken);
        try
        {
            _ear ??= await ListenAsync(cancellationToken);
            await _ear.WaitAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
        {
            if (_ear is not null)
                await _ear.DisposeAsync();
            _ear = null;
            throw new LeasesUnavailableException(fault);
        }
        finally
        {
            _listening.Release();
        }
    }

    /// <summary>Closes the connection that hears of changes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ear is not null)
            await _ear.DisposeAsync();
        _listening.Dispose();
    }

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"LISTEN {Channel}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    /// <summary>Records that a member is there, renews what it holds, and forgets members that are silent.</summary>
    private static async Task<ImmutableArray<MemberStatus>> SayThatItIsThereAsync(
        NpgsqlConnection connection, LeaseRequest request, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var hello = new NpgsqlBatchCommand(
            $"""
            WITH known AS (SELECT is_leaving FROM member WHERE id = $1),
            hello AS (
                INSERT INTO member (id, address, is_leaving, started_at, heartbeat, expires_at,
                    threads, runs_at_work, runs_waiting)
                VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), clock_timestamp() + $4, $5, $6, $7)
                ON CONFLICT (id) DO UPDATE SET
                    address = excluded.address,
                    is_leaving = excluded.is_leaving,
                    heartbeat = excluded.heartbeat,
                    expires_at = excluded.expires_at,
                    threads = excluded.threads,
                    runs_at_work = excluded.runs_at_work,
                    runs_waiting = excluded.runs_waiting
            )
            SELECT pg_notify('{Channel}', '') WHERE NOT EXISTS (SELECT FROM known WHERE is_leaving = $3)
            """);
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Member.Id.Value });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Member.Address.ToString() });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Member.IsLeaving });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Ttl });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Load.Threads });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Load.RunsAtWork });
        hello.Parameters.Add(new NpgsqlParameter { Value = request.Load.RunsWaiting });
        batch.BatchCommands.Add(hello);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            DELETE FROM member WHERE id IN (
                SELECT id FROM member WHERE expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED)
            """));
        var renew = new NpgsqlBatchCommand(
            """
            UPDATE shard_lease l SET expires_at = clock_timestamp() + $4
            FROM unnest($2::smallint[], $3::bigint[]) AS held (shard, epoch)
            WHERE l.shard = held.shard AND l.epoch = held.epoch AND l.member = $1 AND l.expires_at > clock_timestamp()
            """);
        renew.Parameters.Add(new NpgsqlParameter { Value = request.Member.Id.Value });
        AddLeases(renew.Parameters, request.Held);
        renew.Parameters.Add(new NpgsqlParameter { Value = request.Ttl });
        batch.BatchCommands.Add(renew);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            SELECT id, address, is_leaving, started_at, clock_timestamp() - heartbeat,
                threads, runs_at_work, runs_waiting
            FROM member WHERE expires_at > clock_timestamp() ORDER BY id
            """));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken); // Only the first and the last of them have rows.
        var members = ImmutableArray.CreateBuilder<MemberStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new MemberId(reader.GetGuid(0));
            var member = new Member(id, new Uri(reader.GetString(1)), reader.GetBoolean(2));
            var load = new MemberLoad(reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7));
            members.Add(new MemberStatus(
                member, reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<TimeSpan>(4), load));
        }

        return members.ToImmutable();
    }

    /// <summary>Gives a member free shards up to its share, and reads all leases.</summary>
    private static async Task<ImmutableArray<ShardLease>> TakeShareAsync(
        NpgsqlConnection connection, LeaseRequest request, int share, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var claim = new NpgsqlBatchCommand(
            $"""
            WITH claimed AS (
                UPDATE shard_lease l SET member = $1, epoch = l.epoch + 1, expires_at = clock_timestamp() + $4
                FROM (
                    SELECT shard FROM shard_lease
                    WHERE (expires_at <= clock_timestamp() OR member = $1) AND NOT shard = ANY ($2)
                    ORDER BY shard LIMIT greatest(0, $3 - (
                        SELECT count(*) FROM shard_lease
                        WHERE member = $1 AND shard = ANY ($2) AND expires_at > clock_timestamp()))
                    FOR UPDATE SKIP LOCKED
                ) free
                WHERE l.shard = free.shard
                RETURNING l.shard
            )
            SELECT pg_notify('{Channel}', '') FROM (SELECT FROM claimed LIMIT 1) any_claimed
            """);
        claim.Parameters.Add(new NpgsqlParameter { Value = request.Member.Id.Value });
        claim.Parameters.Add(new NpgsqlParameter { Value = NumbersOf(request.Held) });
        claim.Parameters.Add(new NpgsqlParameter { Value = share });
        claim.Parameters.Add(new NpgsqlParameter { Value = request.Ttl });
        batch.BatchCommands.Add(claim);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            SELECT shard, CASE WHEN expires_at > clock_timestamp() THEN member END, epoch,
                CASE WHEN expires_at > clock_timestamp() THEN expires_at - clock_timestamp() ELSE interval '0' END
            FROM shard_lease ORDER BY shard
            """));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken); // The others are told, so that they know whom to ask.
        var leases = ImmutableArray.CreateBuilder<ShardLease>(Shard.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new ShardLease(
                new Shard(reader.GetInt16(0)),
                reader.IsDBNull(1) ? null : new MemberId(reader.GetGuid(1)),
                reader.GetInt64(2),
                reader.GetFieldValue<TimeSpan>(3)));
        }

        return leases.ToImmutable();
    }

    private static async Task<bool> TellOfChangeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"NOTIFY {Channel}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private static void AddLeases(NpgsqlParameterCollection parameters, IReadOnlyCollection<HeldLease> leases)
    {
        parameters.Add(new NpgsqlParameter { Value = NumbersOf(leases) });
        parameters.Add(new NpgsqlParameter
        {
            Value = leases.Select(lease => lease.Epoch).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
    }

    private static short[] NumbersOf(IReadOnlyCollection<HeldLease> leases) =>
        [.. leases.Select(lease => (short)lease.Shard.Number)];

    private async Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await ask(connection);
        }
        catch (NpgsqlException fault)
        {
            throw new LeasesUnavailableException(fault);
        }
    }
}
