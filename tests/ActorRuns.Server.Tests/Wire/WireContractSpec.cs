using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>The wire contract through the newest official client.</summary>
public sealed class WireContractSpec(WireContractSpec.SharedServer shared)
    : WireContract(shared), IClassFixture<WireContractSpec.SharedServer>
{
    public sealed class SharedServer() : ContractServer(NodeWorkspace.NewestClient);
}

/// <summary>The wire contract through the older line of the official client.</summary>
public sealed class WireContractOfOlderClientSpec(WireContractOfOlderClientSpec.SharedServer shared)
    : WireContract(shared), IClassFixture<WireContractOfOlderClientSpec.SharedServer>
{
    public sealed class SharedServer() : ContractServer(NodeWorkspace.OlderClient);
}

/// <summary>The wire contract of a server whose journal is in PostgreSQL.</summary>
public sealed class WireContractOnPostgreSqlSpec(WireContractOnPostgreSqlSpec.SharedServer shared)
    : WireContract(shared), IClassFixture<WireContractOnPostgreSqlSpec.SharedServer>
{
    public sealed class SharedServer() : ContractServer(NodeWorkspace.NewestClient)
    {
        private protected override string? Postgres { get; } = PostgreSqlJournals.New();
    }
}
