using System.Text.RegularExpressions;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary><c>docs/PITFALLS.md</c>: every rule names its tests, and they are there, or says why none is.</summary>
public sealed partial class PitfallsSpec
{
    private static readonly (string Rule, string Tests)[] Rows = [.. Repository.Read("docs/PITFALLS.md").Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is ["", not ("rule" or "---"), _, ""])
        .Select(cells => (cells[1], cells[2]))];

    [Fact]
    public void Every_rule_has_its_test_or_says_why_it_has_none() => House.HasNone(
        from row in Rows
        where !Name().IsMatch(row.Tests) && !row.Tests.StartsWith("none", StringComparison.Ordinal)
        select row.Rule);

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var sources = string.Concat(Repository.Sources
            .Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .Select(Repository.Read));

        Assert.NotEmpty(Rows);
        House.HasNone(
            from row in Rows
            from Match name in Name().Matches(row.Tests)
            where !sources.Contains($" {name.Groups["name"].Value}(", StringComparison.Ordinal)
            select $"{name.Groups["name"].Value}, which is to hold: {row.Rule}");
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
