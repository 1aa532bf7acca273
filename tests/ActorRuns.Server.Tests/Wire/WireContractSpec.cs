using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>The wire contract, file by file, through the official client against one server process.</summary>
public sealed class WireContractSpec(WireContractSpec.SharedServer shared)
    : IClassFixture<WireContractSpec.SharedServer>
{
    public static TheoryData<string> Areas => [.. ContractArea.All.Select(area => area.Name)];

    [Theory]
    [MemberData(nameof(Areas))]
    public async Task What_is_served_keeps_the_contract(string name)
    {
        var area = new ContractArea(name);

        var results = await area.RunAsync(shared.Node, shared.Server.Address);

        Assert.NotEmpty(results);
        if (NotServedYet.Complaints(area, results) is { Length: > 0 } complaints)
            Assert.Fail($"{results.Count(result => result.Passed)} of {results.Count} tests passed.\n\n{complaints}");
    }

    [Fact]
    public void What_is_not_served_yet_names_areas_that_there_are()
    {
        var areas = ContractArea.All.ToHashSet();

        Assert.All(NotServedYet.Entries, entry => Assert.Contains(entry.Area, areas));
    }

    /// <summary>The server that all areas talk to; its agents take no time unless a test says so.</summary>
    public sealed class SharedServer : IAsyncLifetime, IDisposable
    {
        private readonly ScratchFolder _data = new();
        private ServerProcess? _server;
        private NodeWorkspace? _node;

        internal ServerProcess Server => _server ?? throw new InvalidOperationException("The server is not started.");

        internal NodeWorkspace Node => _node ?? throw new InvalidOperationException("The client is not installed.");

        public async Task InitializeAsync()
        {
            _node = await NodeWorkspace.OpenAsync();
            _server = await ServerProcess.StartAsync(_data, ServerProcess.AtOnce);
        }

        public async Task DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
        }

        public void Dispose() => _data.Dispose();
    }
}
