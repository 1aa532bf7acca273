using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>What is shipped, as packages: made of this build, and used by a project that knows nothing of it.</summary>
/// <param name="packages">The packages.</param>
public sealed class PackagesSpec(PackagesSpec.Packed packages) : IClassFixture<PackagesSpec.Packed>
{
    private const string Version = "0.1.0";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string[] Programs = ["ActorRuns.Server"];

    private static IEnumerable<string> Shipped => Repository.Projects
        .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .Select(Repository.NameOf)
        .Except(Programs);

    [Fact]
    public void Every_room_is_a_package_that_says_what_it_is_and_is_built_the_same_each_time()
    {
        Assert.Equal(
            Shipped.Select(name => $"{name}.{Version}.nupkg").Order(StringComparer.Ordinal),
            Directory.GetFiles(packages.Feed).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        House.HasNone(
            from file in Directory.GetFiles(packages.Feed)
            from fault in Faults(file)
            select $"{Path.GetFileName(file)}: {fault}");
        House.HasNone(Shipped.Where(name => !IsReproducible(Repository.AssemblyOf(name))));
    }

    [Fact]
    public async Task A_project_of_somebodys_restores_them_and_runs_the_lines_of_the_README()
    {
        var project = Directory.CreateDirectory(Path.Combine(packages.Folder, "app")).FullName;
        await File.WriteAllTextAsync(Path.Combine(project, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ActorRuns.Hosting" Version="{Version}" />
                <PackageReference Include="ActorRuns.TestKit" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="ours" value="{packages.Feed}" />
                <add key="others" value="{await CacheAsync()}" />
              </packageSources>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Lines());
        File.Copy(Repository.PathOf("samples/SlowModel.cs"), Path.Combine(project, "SlowModel.cs"));

        var output = await RunAsync(project, "run", "-p:RestorePackagesPath=packages", "-p:NuGetAudit=false");

        var said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["human", "ai", "human", "ai"], said.Select(line => line.Split(':')[0]));
    }

    /// <summary>The lines of the README's section about embedding.</summary>
    private static string Lines()
    {
        var section = Repository.Read("README.md").Split("\n## ").First(text =>
            text.StartsWith("Embed", StringComparison.Ordinal));
        return section.Split("```csharp\n")[1].Split("```")[0];
    }

    private static IEnumerable<string> Faults(string file)
    {
        using var package = ZipFile.OpenRead(file);
        var nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using var reader = nuspec.Open();
        var metadata = XDocument.Load(reader).Root!.Elements().First(); // A package has its metadata.
        foreach (var name in (string[])["id", "version", "authors", "description", "license", "readme", "tags"])
        {
            if (metadata.Elements().All(element => element.Name.LocalName != name || element.Value.Length is 0))
                yield return $"no {name}";
        }

        if (metadata.Elements().Any(element => element.Name.LocalName is "repository" or "icon"))
            yield return "it names a repository or an icon";
        if (package.GetEntry("README.md") is null)
            yield return "its readme is not in it";
        if (!package.Entries.Any(entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal)
            && entry.FullName.StartsWith("lib/", StringComparison.Ordinal)))
            yield return "it does not document what it has";
    }

    /// <summary>True when the compiler made nothing of the moment or the machine.</summary>
    private static bool IsReproducible(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        return reader.ReadDebugDirectory().Any(entry => entry.Type is DebugDirectoryEntryType.Reproducible);
    }

    /// <summary>Where this machine keeps packages: a feed like any other, and the only one asked here.</summary>
    private static async Task<string> CacheAsync()
    {
        var told = await RunAsync(Repository.Root, "nuget", "locals", "global-packages", "--list");
        return told.Split(": ", 2)[1].Trim();
    }

    private static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_NOLOGO"] = "1",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            },
        };
        using var late = new CancellationTokenSource(Patience);
        using var process = Process.Start(start)!; // dotnet runs these tests.
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var errors = process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        return process.ExitCode is 0
            ? await output
            : throw new InvalidOperationException(
                $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await errors}");
    }

    /// <summary>All packages of this build, in a folder of their own.</summary>
    public sealed class Packed : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-packages-");

        public string Folder => _folder.FullName;

        public string Feed => Path.Combine(Folder, "feed");

        public Task InitializeAsync() => RunAsync(
            Repository.Root, "pack", "ActorRuns.sln", "--no-build", "-c", Repository.Configuration, "-o", Feed);

        public Task DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return Task.CompletedTask;
        }
    }
}
