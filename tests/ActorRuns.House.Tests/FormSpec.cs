using System.Globalization;
using System.Text.RegularExpressions;
using ActorRuns.House.Tests.Metadata;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>Size, names and comments.</summary>
public sealed partial class FormSpec
{
    private const int MaxLines = 400;
    private const int MaxColumns = 120;

    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Base", "Impl", "Info", "Data"];

    /// <summary>Akka.NET's own names, public or of what stands at the same place inside.</summary>
    private static readonly string[] AkkaNames =
        ["ActorBase", "ActorRefBase", "ActorSystemImpl", "Info", "SchedulerBase", "TestKitBase", "WriteJournalBase"];

    [Fact]
    public void No_name_of_a_type_ends_in_a_word_that_says_nothing() => House.HasNone(
        from project in Repository.Projects.Select(Repository.NameOf)
        from type in DeclaredTypes(project)
        let name = type.Split('.')[^1].Split('<')[0]
        where !(type.StartsWith("Akka.", StringComparison.Ordinal) && AkkaNames.Contains(name))
        where EmptyWords.Any(word => name.EndsWith(word, StringComparison.Ordinal))
        select $"{type} ({project})");

    [Fact]
    public void No_file_of_the_product_has_more_than_400_lines() => House.HasNone(
        from source in Repository.Sources
        where source.StartsWith("src/", StringComparison.Ordinal)
        let lines = File.ReadLines(Repository.PathOf(source)).Count()
        where lines > MaxLines
        select $"{source}: {lines}");

    /// <summary>Those older than the rule are counted in <c>contracts/long-lines.txt</c>.</summary>
    [Fact]
    public void No_line_has_more_than_120_columns()
    {
        var debts = Repository.Read("tests/ActorRuns.House.Tests/contracts/long-lines.txt")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[1], words => int.Parse(words[0], CultureInfo.InvariantCulture));

        House.HasNone(
            from source in Repository.Sources
            let longLines = LongLines(source).ToList()
            where longLines.Count > debts.GetValueOrDefault(source)
            from line in longLines
            select line);
    }

    [Fact]
    public void What_is_left_to_do_names_its_issue() => House.HasNone(
        from source in Repository.Sources
        from line in Repository.Read(source).Split('\n')
        where LeftToDo().IsMatch(line)
        select $"{source}: {line.Trim()}");

    private static IEnumerable<string> DeclaredTypes(string project)
    {
        using var assembly = new CompiledAssembly(project);
        return [.. assembly.DeclaredTypes.Where(type => !type.StartsWith("ContractTests.", StringComparison.Ordinal))];
    }

    private static IEnumerable<string> LongLines(string source) => File.ReadLines(Repository.PathOf(source))
        .Select((text, index) => (text.Length, At: $"{source}({index + 1})"))
        .Where(line => line.Length > MaxColumns)
        .Select(line => $"{line.At}: {line.Length} columns");

    [GeneratedRegex(
        @"(//|<!--|/\*)[^""]*\b(TODO|FIXME|HACK)\b(?!.*#\d)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeftToDo();
}
