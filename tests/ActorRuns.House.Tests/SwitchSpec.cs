using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>
/// <c>-p:ActorEngine=Akka</c> builds the same sources on the real Akka.NET. Its packages cannot be restored everywhere,
/// so what is looked at is what the projects come to when MSBuild has evaluated them.
/// </summary>
public sealed class SwitchSpec
{
    /// <summary>A project that uses all there is: actors, the SQL journal and the test kit.</summary>
    private const string UsesAll = "tests/ActorRuns.House.Tests/ActorRuns.House.Tests.csproj";

    private static readonly string[] Packages =
        ["Akka", "Akka.DependencyInjection", "Akka.Persistence", "Akka.Persistence.Sql", "Akka.TestKit.Xunit2"];

    /// <summary>What a project says that uses actors, and a package that it has then.</summary>
    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal)
    {
        ["UsesActors"] = "Akka",
        ["UsesSqlPersistence"] = "Akka.Persistence.Sql",
        ["UsesActorTestKit"] = "Akka.TestKit.Xunit2",
    };

    [Fact]
    public async Task With_Akka_a_project_has_the_packages_and_none_of_the_engines_projects()
    {
        var (packages, projects) = await EvaluateAsync("Akka");

        Assert.Equal(Packages, packages.Where(IsAkkaPackage).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(projects, IsEngineProject);
    }

    [Fact]
    public async Task With_Akka_no_project_in_the_graph_is_the_engines_and_all_packages_have_the_one_version()
    {
        var graph = await ReadGraphAsync("Akka");

        Assert.Equal(
            Repository.Projects.Where(project => !project.StartsWith("src/Engine/", StringComparison.Ordinal))
                .Select(Repository.NameOf).Order(StringComparer.Ordinal),
            graph.Keys.Order(StringComparer.Ordinal));
        var packages = graph.Values.SelectMany(packages => packages).Where(package => IsAkkaPackage(package.Name));
        Assert.Equal(Packages, packages.Select(package => package.Name).Distinct().Order(StringComparer.Ordinal));
        var version = Repository.ReadXml("Directory.Packages.props").Descendants("AkkaVersion").Single().Value;
        Assert.All(packages, package => Assert.Equal($"[{version}, )", package.Version));
        House.HasNone(
            from project in Repository.Projects
            where graph.ContainsKey(Repository.NameOf(project))
            from element in Repository.ReadXml(project).Descendants()
            where Switches.TryGetValue(element.Name.LocalName, out var package)
                && graph[Repository.NameOf(project)].All(known => known.Name != package)
            select $"{project} says {element.Name.LocalName} and gets no package {Switches[element.Name.LocalName]}");
    }

    [Fact]
    public async Task With_Embedded_a_project_has_the_engines_projects_and_none_of_the_packages()
    {
        var (packages, projects) = await EvaluateAsync("Embedded");

        Assert.DoesNotContain(packages, IsAkkaPackage);
        Assert.Equal(
            ["ActorRuns.Engine", "ActorRuns.Engine.Sql", "ActorRuns.Engine.TestKit"],
            projects.Where(IsEngineProject).Select(Repository.NameOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_value_is_an_error_that_names_both()
    {
        var (exitCode, output) = await MsBuildAsync("-t:CheckActorEngine", "-p:ActorEngine=Pekko");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("ActorEngine is 'Pekko'; it must be Embedded or Akka.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_project_takes_the_engine_or_the_packages_past_the_switch() => House.HasNone(
        from project in Repository.Projects
        where !project.StartsWith("src/Engine/", StringComparison.Ordinal)
        from reference in Repository.ReadXml(project).Descendants()
        where reference.Name.LocalName is "PackageReference" or "ProjectReference"
        let include = reference.Attribute("Include")?.Value ?? ""
        where IsAkkaPackage(include) || IsEngineProject(include)
        select $"{project} refers to {include}; it should say UsesActors, UsesSqlPersistence or UsesActorTestKit");

    [Fact]
    public void No_source_is_compiled_for_one_of_the_two_only() => House.HasNone(
        from source in Repository.Sources
        where !source.StartsWith("src/Engine/", StringComparison.Ordinal)
        where Repository.Read(source).Contains("\n#if ", StringComparison.Ordinal)
        select $"{source} has an #if");

    private static bool IsAkkaPackage(string package) =>
        package is "Akka" || package.StartsWith("Akka.", StringComparison.Ordinal);

    private static bool IsEngineProject(string project) => project.Contains("/Engine/", StringComparison.Ordinal);

    private static async Task<(string[] Packages, string[] Projects)> EvaluateAsync(string engine)
    {
        var (exitCode, output) = await MsBuildAsync(
            "-getItem:PackageReference,ProjectReference", $"-p:ActorEngine={engine}");
        Assert.True(exitCode is 0, output);

        var items = JsonElement.Parse(output).GetProperty("Items");
        return (Identities("PackageReference"), Identities("ProjectReference"));

        string[] Identities(string kind) =>
            [.. items.GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    /// <summary>
    /// What a restore would look for: all projects that are reached from the one that reaches all, by name, with the
    /// packages that each asks for. Nothing is looked for yet.
    /// </summary>
    private static async Task<Dictionary<string, (string Name, string Version)[]>> ReadGraphAsync(string engine)
    {
        var file = Path.GetTempFileName();
        try
        {
            var (exitCode, output) = await MsBuildAsync(
                "-t:GenerateRestoreGraphFile", $"-p:RestoreGraphOutputPath={file}", $"-p:ActorEngine={engine}");
            Assert.True(exitCode is 0, output);

            return JsonElement.Parse(await File.ReadAllTextAsync(file)).GetProperty("projects").EnumerateObject()
                .ToDictionary(project => Repository.NameOf(project.Name), project => PackagesOf(project.Value));
        }
        finally
        {
            File.Delete(file);
        }

        static (string, string)[] PackagesOf(JsonElement project) =>
        [
            .. from framework in project.GetProperty("frameworks").EnumerateObject()
               where framework.Value.TryGetProperty("dependencies", out _)
               from package in framework.Value.GetProperty("dependencies").EnumerateObject()
               where package.Value.TryGetProperty("version", out _)
               select (package.Name, package.Value.GetProperty("version").GetString()!),
        ];
    }

    private static async Task<(int ExitCode, string Output)> MsBuildAsync(params string[] arguments)
    {
        string[] command = ["msbuild", "-nodeReuse:false", .. arguments, Repository.PathOf(UsesAll)];
        var start = new ProcessStartInfo("dotnet", command)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!; // Null only where the shell starts it.
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
