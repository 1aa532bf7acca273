using System.Globalization;
using System.Text.Json;
using ActorRuns.Server.Tests.Processes;
using Xunit;
using Xunit.Abstractions;

namespace ActorRuns.Server.Tests.Fuzz;

/// <summary>
/// Whatever is sent, the server answers, refuses what is wrong, and loses nothing. <c>ACTORRUNS_REQUESTS</c> says how
/// many are sent, <c>ACTORRUNS_SEED</c> which.
/// </summary>
public sealed class FuzzSpec(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _data = new();

    [Fact]
    public async Task Hostile_requests_are_answered_without_a_fault_and_leave_others_data_alone()
    {
        await using var server = await ServerProcess.StartAsync(_data, ServerProcess.AtOnce);
        var thread = await server.Client.NewThreadAsync();
        await server.Client.PostAsync($"threads/{thread}/runs/wait", RunBody.Ask("SF"));
        var before = await server.Client.GetAsync($"threads/{thread}/state");
        var seed = Setting("ACTORRUNS_SEED", Environment.TickCount);

        using var fuzzer = new Fuzzer(server.Address, seed);
        var report = await fuzzer.RunAsync(Setting("ACTORRUNS_REQUESTS", 5_000), CancellationToken.None);

        output.WriteLine($"seed {seed}: {report}");
        Assert.True(report.Faults.Count is 0, $"ACTORRUNS_SEED={seed}\n{string.Join('\n', report.Faults)}");
        Assert.Equal("True", (await server.Client.GetAsync("ok")).GetProperty("ok").ToString());
        Assert.True(JsonElement.DeepEquals(before, await server.Client.GetAsync($"threads/{thread}/state")));
    }

    [Fact]
    public void Every_route_is_attacked()
    {
        var routes = File.ReadAllLines(Path.Combine(
            Places.Repository, "tests", "ActorRuns.House.Tests", "contracts", "routes.txt"));

        Assert.Empty(routes.Except(FuzzCorpus.Seeds.Select(seed => seed.Name), StringComparer.Ordinal));
    }

    public void Dispose() => _data.Dispose();

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
