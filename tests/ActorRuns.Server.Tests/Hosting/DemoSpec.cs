using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

public sealed class DemoSpec
{
    [Fact]
    public async Task The_demo_prints_the_scene_its_latency_and_how_it_ended()
    {
        using var here = new ScratchFolder();

        // Two seconds after the first question its run is in its tool call, on a busy machine as well.
        var ended = await ServerProcess.RunAsync(["demo"], here.FullName, new Dictionary<string, string>
        {
            ["ACTORRUNS_MODEL_DELAY_MS"] = "100",
            ["ACTORRUNS_TOKEN_DELAY_MS"] = "0",
            ["ACTORRUNS_TOOL_DELAY_MS"] = "4000",
        });

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(string.Empty, ended.Errors);
        Assert.Matches(
            @"Run 2 interrupts run 1: recorded after \d+\.\d ms, its first event after \d+\.\d ms\.", ended.Output);
        Assert.Matches(Scene, ended.Output);
        Assert.Matches(@"run 1\s+interrupted\s+run 2\s+success\s+thread idle\s+$", ended.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(here.FullName));
    }

    private const string Scene = """
        (?sx)
        =+\ Human\ Message\ =+ .* What's\ the\ weather\ in\ SF\?
        .* =+\ Ai\ Message\ =+ .* tavily_search_results_json\ \(call_\S+\) .* Call\ ID:\ call_\S+
        .* Args: .* query:\ weather\ in\ san\ francisco
        .* =+\ Tool\ Message\ =+ .* Status:\ error
        .* =+\ Human\ Message\ =+ .* What's\ the\ weather\ in\ NYC\?
        .* query:\ weather\ in\ new\ york\ city
        .* =+\ Tool\ Message\ =+ .* new\ york\ city:\ sunny,\ 18\ degrees
        .* =+\ Ai\ Message\ =+ .* The\ weather\ in\ new\ york\ city\ is\ sunny
        """;
}
