using System.Data.Common;
using Npgsql;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>A new database on a server.</summary>
public sealed class PostgreSqlDatabase : TestDatabase
{
    private readonly string _name = $"engine_{Guid.NewGuid():N}";

    public PostgreSqlDatabase(PostgreSqlServer server)
    {
        Server = server;
        server.Execute($"create database {_name}");
    }

    public PostgreSqlServer Server { get; }

    public override string ConnectionString => Server.ConnectionString(_name);

    public override string ProviderName => "PostgreSQL.15";

    protected override string Lock => "begin; lock table journal in share row exclusive mode";

    protected override DbConnection NewConnection() => new NpgsqlConnection($"{ConnectionString};Pooling=False");

    protected override void Drop() => Server.Execute($"drop database {_name} with (force)");
}
