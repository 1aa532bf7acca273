using System.Diagnostics;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>The benchmarks still do what they say; how fast is for another day.</summary>
public sealed class BenchmarksSpec
{
    [Theory]
    [InlineData("engine", "tell", "ask", "idle", "persisted / raw", "recover")]
    [InlineData("load", "create and join", "first token", "second message", "resident")]
    public async Task The_benchmarks_run_to_their_end(string benchmark, params string[] measured)
    {
        var program = Repository.AssemblyOf("ActorRuns.Benchmarks");
        var start = new ProcessStartInfo("dotnet", [program, benchmark, "tiny"])
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
        foreach (var word in (string[])["cores", "commit", .. measured])
            Assert.Contains(word, output, StringComparison.Ordinal);
    }
}
