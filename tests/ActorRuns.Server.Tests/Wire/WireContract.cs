using Xunit;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>The wire contract, file by file, through an official client against one server process.</summary>
public abstract class WireContract(ContractServer shared)
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

}
