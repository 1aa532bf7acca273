using System.Reflection;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>Where the build has put what the tests start.</summary>
internal static class Places
{
    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = Metadata("RepositoryFolder");

    /// <summary>Where everything goes that can be made anew.</summary>
    public static string Artifacts { get; } = Metadata("ArtifactsFolder");

    /// <summary>The server's assembly, beside its own files only.</summary>
    public static string ServerAssembly { get; } = Metadata("ServerAssembly");

    private static string Metadata(string key) => Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key)
        .Value ?? throw new InvalidOperationException($"The build has left out {key}.");
}
