using System.Xml.Linq;

namespace ActorRuns.House.Tests;

/// <summary>The sources that these tests were built from. Paths are relative to its root, with slashes.</summary>
internal static class Repository
{
    private static readonly string[] Folders = ["hocon", "samples", "src", "tests"];
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "node_modules"];

    /// <summary>Where the solution is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the assemblies of all projects are, each in a folder of its project's name.</summary>
    public static string Binaries { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <summary>The folder, within a project's, that this build went to: <c>debug</c> or <c>release</c>.</summary>
    public static string Configuration { get; } =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>All project files.</summary>
    public static IEnumerable<string> Projects => Files(".csproj");

    /// <summary>The C# files that are ours: all but the engine contract, which is compiled as it came.</summary>
    public static IEnumerable<string> Sources =>
        Files(".cs").Where(path => !path.StartsWith("tests/Contracts/", StringComparison.Ordinal));

    /// <summary>The projects that are shipped, by name; not the engine, which stands in for somebody else's.</summary>
    public static IEnumerable<string> Rooms => Projects
        .Where(path => path.StartsWith("src/", StringComparison.Ordinal))
        .Where(path => !path.StartsWith("src/Engine/", StringComparison.Ordinal))
        .Select(NameOf);

    /// <summary>The files of a kind, in ordinal order.</summary>
    /// <param name="extension">With its dot.</param>
    public static IEnumerable<string> Files(string extension) => Folders
        .SelectMany(folder => FilesIn(new DirectoryInfo(PathOf(folder)), extension))
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    public static XDocument ReadXml(string relative) => XDocument.Load(PathOf(relative), LoadOptions.SetLineInfo);

    /// <summary>A project's name: that of its file, and of its assembly.</summary>
    public static string NameOf(string project) => Path.GetFileNameWithoutExtension(project);

    /// <summary>The assembly that this build made of the project of this name.</summary>
    public static string AssemblyOf(string name) => Path.Combine(Binaries, name, Configuration, $"{name}.dll");

    private static IEnumerable<string> FilesIn(DirectoryInfo folder, string extension) => folder
        .EnumerateFiles($"*{extension}")
        .Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories()
            .Where(child => !NotOurs.Contains(child.Name))
            .SelectMany(child => FilesIn(child, extension)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ActorRuns.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has ActorRuns.sln.");
    }
}
