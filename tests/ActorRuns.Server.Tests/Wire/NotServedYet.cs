using System.Reflection;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>
/// The tests of the contract that must fail, because what they ask for is not there yet: <c>not-served-yet.txt</c>. It
/// shrinks with every feature, and nothing gets onto it unseen.
/// </summary>
internal static class NotServedYet
{
    /// <summary>The names of an area's tests that must fail.</summary>
    public static IReadOnlySet<string> Of(ContractArea area) =>
        Entries.Where(entry => entry.Area == area).Select(entry => entry.Test).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every line of the list.</summary>
    public static IReadOnlyList<(ContractArea Area, string Test)> Entries { get; } = [.. Read()];

    /// <summary>What is wrong with an area's results, a paragraph for each; empty when all is as it must be.</summary>
    public static string Complaints(ContractArea area, IReadOnlyList<ContractResult> results)
    {
        var listed = Of(area);
        var failed = results.Where(result => !result.Passed && !listed.Contains(result.Name))
            .Select(result => $"FAILED: {result.Name}\n{result.Message}");
        var passed = results.Where(result => result.Passed && listed.Contains(result.Name))
            .Select(result => $"PASSES NOW, to be taken off not-served-yet.txt: {result.Name}");
        var unknown = listed.Except(results.Select(result => result.Name), StringComparer.Ordinal)
            .Select(name => $"LISTED in not-served-yet.txt, but there is no such test: {name}");
        return string.Join("\n\n", [.. failed, .. passed, .. unknown]);
    }

    private static IEnumerable<(ContractArea Area, string Test)> Read()
    {
        using var list = Assembly.GetExecutingAssembly().GetManifestResourceStream("not-served-yet.txt")
            ?? throw new InvalidOperationException("The build has left out not-served-yet.txt.");
        using var reader = new StreamReader(list);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length is 0 || line[0] is '#')
                continue;
            if (line.Split(": ", 2) is not [var area, var test])
                throw new InvalidOperationException($"not-served-yet.txt: '{line}' is not 'area: test'.");
            yield return (new ContractArea(area), test);
        }
    }
}
