using ActorRuns.Engine.Tests.Persistence;
using Xunit;

namespace ActorRuns.Sql.Tests.PostgreSql;

/// <summary>The tests that share the server.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlServer>
#pragma warning restore CA1711
{
    public const string Name = "PostgreSQL";
}
