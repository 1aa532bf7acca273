namespace ActorRuns.Server.Tests.Processes;

/// <summary>A folder under the temporary path that is gone when it is disposed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-test-");

    /// <summary>Where it is.</summary>
    public string FullName => _folder.FullName;

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
