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
    public void Whatever_fails_the_laws_hold_and_every_run_ends()
    {
        var seconds = FromEnvironment("ACTORRUNS_SIMULATE", Seconds);
        var seed = FromEnvironment("ACTORRUNS_SEED", FirstSeed);
        var begin = TimeProvider.System.GetTimestamp();
        var failures = new List<string>();

        do
        {
            if (World.Play(seed++, Moves).Failure is { } failure)
                failures.Add(failure);
        }
        while (TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(seconds) && failures.Count < 5);

        output.WriteLine($"{seed - 1} was the last seed. {World.Chronicle}");
        Assert.True(failures.Count is 0, string.Join("\n\n", failures));
    }

    [Theory]
    [InlineData(20)] // A copy of a thread that stopped was never answered.
    [InlineData(22)] // A node began when its attempt had been told to end.
    [InlineData(43)] // As above.
    [InlineData(59)] // A fork of a thread that stopped was never answered.
    [InlineData(66)] // A call at an older revision was at work for those who did not read it back.
    [InlineData(161)] // A rollback that waits was never answered.
    [InlineData(10614)]
    [InlineData(10828)]
    [InlineData(12319)]
    public void A_seed_that_found_something_finds_nothing_any_more(int seed) =>
        Assert.Null(World.Play(seed, Moves).Failure);

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
