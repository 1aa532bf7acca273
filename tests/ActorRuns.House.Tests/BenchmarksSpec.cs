using System.Diagnostics;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>The benchmarks still do what they say; how fast is for another day.</summary>
public sealed class BenchmarksSpec
{
    [Fact]
    public async Task The_engines_benchmarks_run_to_their_end()
    {
        var program = Repository.AssemblyOf("ActorRuns.Benchmarks");
        var start = new ProcessStartInfo("dotnet", [program, "engine", "tiny"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!; // Null only where the shell starts it.
        var errors = process.StandardError.ReadToEndAsync();

        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode is 0, $"{output}{await errors}");
        foreach (var word in (string[])["cores", "commit", "tell", "ask", "idle", "persisted / raw", "recover"])
            Assert.Contains(word, output, StringComparison.Ordinal);
    }
}
