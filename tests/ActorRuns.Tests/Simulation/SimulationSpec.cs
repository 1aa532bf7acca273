using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// Some seconds of worlds. <c>ACTORRUNS_SIMULATE</c> says for how many seconds, as many as one likes;
/// <c>ACTORRUNS_SEED</c> where to begin. A failure names its seed and what was done.
/// </summary>
public sealed class SimulationSpec(ITestOutputHelper output)
{
    private const int Seconds = 4;
    private const int Moves = 60;
    private const int FirstSeed = 1;

    [Fact]
    public async Task Whatever_fails_the_laws_hold_and_every_run_ends()
    {
        var seconds = FromEnvironment("ACTORRUNS_SIMULATE", Seconds);
        var seed = FromEnvironment("ACTORRUNS_SEED", FirstSeed);
        var begin = TimeProvider.System.GetTimestamp();
        var failures = new List<string>();

        do
        {
            if (await World.PlayAsync(seed++, Moves) is { } failure)
                failures.Add(failure);
        }
        while (TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(seconds) && failures.Count < 5);

        output.WriteLine($"{seed - 1} was the last seed. {World.Chronicle}");
        Assert.True(failures.Count is 0, string.Join("\n\n", failures));
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
