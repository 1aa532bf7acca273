using System.Text.Json;
using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>One file of the wire contract.</summary>
/// <param name="Name">The file's name without its ending.</param>
internal sealed record ContractArea(string Name)
{
    private const string FileEnd = ".test.mjs";

    // Its own tests give up after 90 s each and run side by side.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Every area that the contract has.</summary>
    public static IEnumerable<ContractArea> All => Directory.EnumerateFiles(NodeWorkspace.Contract, $"*{FileEnd}")
        .Select(file => new ContractArea(Path.GetFileName(file)[..^FileEnd.Length]))
        .OrderBy(area => area.Name, StringComparer.Ordinal);

    /// <summary>Runs the area's tests against a server.</summary>
    /// <exception cref="InvalidOperationException">The file broke off before all its tests had run.</exception>
    public async Task<IReadOnlyList<ContractResult>> RunAsync(NodeWorkspace node, Uri server)
    {
        var ended = await node.RunAsync(
            ["--test-reporter=./reporter.mjs", $"{Name}{FileEnd}"],
            Patience,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORRUNS_URL"] = server.ToString() });
        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [.. var results, """{"complete":true}"""])
        {
            throw new InvalidOperationException(
                $"{Name} broke off, exit code {ended.ExitCode}:\n{ended.Errors}{ended.Output}");
        }

        return [.. results.Select(ContractResult.Read)];
    }
}

/// <summary>How one test of the contract ended.</summary>
/// <param name="Name">The rule that it checks.</param>
/// <param name="Passed">True when the server keeps it.</param>
/// <param name="Message">What is wrong; null when it passed.</param>
internal sealed record ContractResult(string Name, bool Passed, string? Message)
{
    /// <summary>Reads a line of the reporter.</summary>
    public static ContractResult Read(string line)
    {
        var result = JsonElement.Parse(line);
        return new ContractResult(
            WireClient.Text(result, "name"),
            result.GetProperty("passed").GetBoolean(),
            result.TryGetProperty("message", out var message) ? message.GetString() : null);
    }
}
