using System.Text.RegularExpressions;
using ActorRuns.House.Tests.Metadata;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>What each room may lean on, and what must not be found in it.</summary>
public sealed partial class WallsSpec
{
    private static readonly string[] Actors = ["Akka."];
    private static readonly string[] Sql = ["System.Data.", "Microsoft.Data.", "Npgsql.", "Dapper.", "SQLitePCL."];
    private static readonly string[] Http = ["System.Net.", "Microsoft.AspNetCore."];
    private static readonly string[] Logging = ["Microsoft.Extensions.Logging.", "Serilog.", "Akka.Event."];
    private static readonly string[] Vendors = ["OpenAI.", "Anthropic.", "ModelContextProtocol.", "Azure."];
    private static readonly string[] Clocks =
        ["System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Environment"];
    private static readonly string[] Ids = ["System.Random", "System.Security.Cryptography."];
    private static readonly string[] JsonText =
        ["System.Text.Json.JsonSerializer", "System.Text.Json.Utf8JsonReader", "System.Text.Json.Utf8JsonWriter"];
    private static readonly string[] ActorClasses =
    [
        "Akka.Actor.ActorBase", "Akka.Actor.UntypedActor", "Akka.Actor.ReceiveActor", "Akka.Actor.Props",
        "Akka.Actor.IActorContext", "Akka.Persistence.",
    ];

    /// <summary>The other rooms that a room may refer to.</summary>
    private static readonly Dictionary<string, string[]> Neighbours = new(StringComparer.Ordinal)
    {
        ["ActorRuns.Domain"] = [],
        ["ActorRuns"] = ["ActorRuns.Domain"],
        ["ActorRuns.Sql"] = ["ActorRuns", "ActorRuns.Domain"],
        ["ActorRuns.AspNetCore"] = ["ActorRuns", "ActorRuns.Domain"],
        ["ActorRuns.Models"] = ["ActorRuns", "ActorRuns.Domain"],
        ["ActorRuns.Client"] = ["ActorRuns.Domain"],
        ["ActorRuns.Hosting"] =
            ["ActorRuns", "ActorRuns.AspNetCore", "ActorRuns.Client", "ActorRuns.Domain", "ActorRuns.Sql"],
        ["ActorRuns.TestKit"] = ["ActorRuns", "ActorRuns.Domain"],
        ["ActorRuns.Server"] =
            ["ActorRuns", "ActorRuns.AspNetCore", "ActorRuns.Domain", "ActorRuns.Hosting", "ActorRuns.Models"],
    };

    /// <summary>What must not be used in a room; a name with a dot at its end stands for all below it.</summary>
    private static readonly Dictionary<string, string[]> Strangers = new(StringComparer.Ordinal)
    {
        ["ActorRuns.Domain"] =
        [
            .. Actors, .. Sql, .. Http, .. Logging, .. Vendors, .. Clocks, .. Ids, .. JsonText,
            "System.Threading.", "System.IO.",
        ],
        ["ActorRuns"] = [.. Sql, .. Http, .. Vendors],
        ["ActorRuns.Sql"] = [.. Http, .. Vendors, "ActorRuns.Threads.ThreadDecider"],
        ["ActorRuns.AspNetCore"] = [.. Sql, .. Vendors, .. ActorClasses, "ActorRuns.Threads.ThreadDecider"],
        ["ActorRuns.Models"] = ["Akka.", .. Sql, "Microsoft.AspNetCore."],
        ["ActorRuns.Client"] = [.. Actors, .. Sql, "Microsoft.", .. Vendors],
        ["ActorRuns.Hosting"] = [.. Vendors, "ActorRuns.Threads.ThreadDecider"],
        ["ActorRuns.TestKit"] = [.. Sql, .. Http, .. Vendors],
        ["ActorRuns.Server"] = ["ActorRuns.Threads.ThreadDecider"],
    };

    [Fact]
    public void Every_room_has_its_walls() =>
        House.HasNone(Repository.Rooms.Where(room => !Neighbours.ContainsKey(room) || !Strangers.ContainsKey(room)));

    [Fact]
    public void A_room_refers_to_the_rooms_below_it_only() => House.HasNone(
        from project in Repository.Projects
        let room = Repository.NameOf(project)
        where Neighbours.ContainsKey(room)
        from reference in Repository.ReadXml(project).Descendants("ProjectReference")
        let neighbour = Repository.NameOf(reference.Attribute("Include")!.Value)
        where !Neighbours[room].Contains(neighbour)
        select $"{room} refers to {neighbour}");

    [Fact]
    public void No_room_uses_what_belongs_in_another() => House.HasNone(
        from room in Repository.Rooms
        from type in UsedTypes(room)
        where Strangers[room].Any(stranger => IsOrIsBelow(type, stranger))
        select $"{room} uses {type}");

    [Fact]
    public void The_domain_needs_no_package() => Assert.Empty(
        Repository.ReadXml("src/ActorRuns.Domain/ActorRuns.Domain.csproj").Descendants("PackageReference"));

    [Fact]
    public void The_engine_knows_nothing_of_the_product() => House.HasNone(
        from source in Repository.Sources
        where source.StartsWith("src/Engine/", StringComparison.Ordinal)
        from line in Repository.Read(source).Split('\n')
        where WordsOfTheProduct().IsMatch(line)
        select $"{source}: {line.Trim()}");

    private static bool IsOrIsBelow(string type, string stranger) =>
        stranger.EndsWith('.') ? type.StartsWith(stranger, StringComparison.Ordinal) : type == stranger;

    private static IEnumerable<string> UsedTypes(string room)
    {
        using var assembly = new CompiledAssembly(room);
        return [.. assembly.UsedTypes];
    }

    /// <summary>"Run" and "thread" are left out: with both, the engine means something else.</summary>
    [GeneratedRegex(
        @"\b(assistant|conversation|langgraph|runid|threadid|http|agent)s?\b|using ActorRuns",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordsOfTheProduct();
}
