using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>The tests that share the server; one after the other, since one of them stops it.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlServer>
#pragma warning restore CA1711
{
    public const string Name = "PostgreSQL";
}
