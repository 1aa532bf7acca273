using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>Projects and build files.</summary>
public sealed partial class BuildFilesSpec
{
    private static readonly string[] BuildFiles =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "src/Directory.Build.props",
        "tests/Directory.Build.props",
        .. Repository.Projects,
    ];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("ActorRuns.sln").Replace('\\', '/');

        House.HasNone(
            Repository.Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Versions_of_packages_are_in_Directory_Packages_props_only() => House.HasNone(
        from file in BuildFiles
        from reference in Repository.ReadXml(file).Descendants("PackageReference")
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{file}: {reference}");

    [Fact]
    public void Packages_are_in_ordinal_order()
    {
        var packages = Repository.ReadXml("Directory.Packages.props").Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value)
            .ToList();

        Assert.Equal(packages.Order(StringComparer.OrdinalIgnoreCase), packages);
    }

    [Fact]
    public void A_warning_that_a_project_does_not_want_has_its_reason_above() => House.HasNone(
        from file in BuildFiles
        from element in Repository.ReadXml(file).Descendants("NoWarn")
        where element.NodesBeforeSelf().Reverse().FirstOrDefault(node => node is not XText) is not XComment
        select $"{file}: {element}");

    [Fact]
    public void A_rule_that_is_switched_off_for_all_has_its_reason_above() => House.HasNone(
        from file in (string[])[".editorconfig", "src/Engine/.editorconfig"]
        from breach in SwitchedOffWithoutReason(Repository.Read(file).Split('\n'))
        select $"{file}: {breach}");

    [Fact]
    public void A_warning_that_the_code_suppresses_has_its_reason_beside() => House.HasNone(
        from source in Repository.Sources
        from line in Repository.Read(source).Split('\n')
        where Suppression().IsMatch(line) && !Reason().IsMatch(line)
        select $"{source}: {line.Trim()}");

    [Fact]
    public void Decisions_have_numbers_of_their_own()
    {
        var folder = new DirectoryInfo(Repository.PathOf("docs/decisions"));
        var numbers = folder.Exists ? folder.GetFiles("*.md").Select(file => file.Name.Split('-')[0]).ToList() : [];

        Assert.Equal(numbers.Distinct(StringComparer.Ordinal), numbers);
    }

    /// <summary>A comment holds for the rules that follow it without an empty line between.</summary>
    private static IEnumerable<string> SwitchedOffWithoutReason(IEnumerable<string> lines)
    {
        var reason = false;
        foreach (var line in lines)
        {
            if (line.StartsWith('#'))
                reason = true;
            else if (line.Trim() is "" or ['[', ..])
                reason &= line.StartsWith('['); // What is said above a section is said of all in it.
            else if (line.Contains(".severity = none", StringComparison.Ordinal) && !reason)
                yield return line;
        }
    }

    [GeneratedRegex(
        @"^\s*(#pragma warning disable|\[.*SuppressMessage\()",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suppression();

    [GeneratedRegex("// .+|Justification = \"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reason();
}
