using System.Text.RegularExpressions;
using ActorRuns.House.Tests.Metadata;

namespace ActorRuns.House.Tests;

/// <summary>What the engine contract uses of Akka.NET, and so proves: "Public API used" in its README.</summary>
internal sealed partial class EngineContract
{
    private EngineContract(HashSet<string> types, HashSet<MemberUse> members)
    {
        Types = types;
        Members = members;
    }

    /// <summary>The types, with their namespaces.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary>The members, whether they are called, overridden or implemented.</summary>
    public IReadOnlySet<MemberUse> Members { get; }

    public static EngineContract Read()
    {
        const string Heading = "\n## Public API used\n";
        var readme = Repository.Read("tests/Contracts/engine/README.md");
        var types = new HashSet<string>(StringComparer.Ordinal);
        var members = new HashSet<MemberUse>();
        var area = "";
        foreach (var line in readme[readme.IndexOf(Heading, StringComparison.Ordinal)..].Split('\n'))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
                area = line[4..];
            if (Row().Match(line) is not { Success: true } row)
                continue;

            var type = $"{area}.{row.Groups["type"].Value}";
            types.Add(type);
            foreach (Match member in Quoted().Matches(row.Groups["members"].Value))
                members.Add(new MemberUse(type, member.Groups["name"].Value));
        }

        return new EngineContract(types, members);
    }

    [GeneratedRegex(
        @"^\| `(?<type>[^`]+)` \| (?<members>.*) \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
