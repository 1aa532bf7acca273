using System.Reflection;
using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Cluster.Tests;

/// <summary>A minute of the chaos program; it says what it found, and by which seed it can be done again.</summary>
public sealed class ChaosSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static readonly string Program = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key is "ChaosAssembly")
        .Value!; // The project sets it.

    [Fact]
    public async Task Whatever_is_killed_held_up_or_cut_nothing_accepted_is_lost_or_done_twice()
    {
        // The same harm in each run, as far as real processes let it be; by hand, any other seed.
        string[] arguments = [Program, "run", "--members", "3", "--seconds", "60", "--users", "6", "--seed", "31"];

        var ended = await ChildProcess.RunAsync("dotnet", arguments, AppContext.BaseDirectory, Patience);

        Assert.True(ended.ExitCode is 0, ended.Output + ended.Errors);
    }
}
