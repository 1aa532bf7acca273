using System.Security.Cryptography;
using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>
/// A folder with an official client in it, and beside it every script that needs it. A client is installed once for
/// each content of its lock file; several test hosts may ask for it at the same time.
/// </summary>
internal sealed class NodeWorkspace
{
    /// <summary>The wire contract, as it is handed out.</summary>
    public static readonly string Contract = Path.Combine(Places.Repository, "tests", "Contracts", "wire");

    /// <summary>Where it is written which packages the newest client is made of: the contract's own.</summary>
    public static readonly string NewestClient = Contract;

    /// <summary>The same for the older line of the client, which the registry calls its latest.</summary>
    public static readonly string OlderClient =
        Path.Combine(Places.Repository, "tests", "ActorRuns.Server.Tests", "Wire", "sdk-2.0");

    private static readonly string OwnScripts = Path.Combine(Places.Repository, "tests", "ActorRuns.Server.Tests");
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(5);

    private readonly string _folder;

    private NodeWorkspace(string folder) => _folder = folder;

    /// <summary>Makes the workspace ready.</summary>
    /// <param name="client">The folder whose lock file names the client.</param>
    public static async Task<NodeWorkspace> OpenAsync(string client)
    {
        var content = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(client, "package-lock.json")));
        var folder = Path.Combine(Places.Artifacts, "wire-contract", Convert.ToHexStringLower(content)[..12]);
        Directory.CreateDirectory(folder);
        await using (await LockAsync(Path.Combine(folder, "lock")))
        {
            await InstallAsync(client, folder);
            CopyScripts(Contract, folder);
            CopyScripts(Path.Combine(Contract, "lib"), Path.Combine(folder, "lib"));
            CopyScripts(Path.Combine(OwnScripts, "Wire"), folder);
            CopyScripts(Path.Combine(OwnScripts, "Scenes"), folder);
        }

        return new NodeWorkspace(folder);
    }

    /// <summary>Runs a script to its end.</summary>
    public Task<ChildProcess.Ended> RunAsync(
        IEnumerable<string> arguments, TimeSpan timeout, IReadOnlyDictionary<string, string>? environment = null) =>
        ChildProcess.RunAsync("node", arguments, _folder, timeout, environment);

    private static async Task InstallAsync(string client, string folder)
    {
        var installed = Path.Combine(folder, "installed");
        if (File.Exists(installed))
            return;

        foreach (var name in (ReadOnlySpan<string>)["package.json", "package-lock.json"])
            File.Copy(Path.Combine(client, name), Path.Combine(folder, name), overwrite: true);
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var ended = await ChildProcess.RunAsync(
            npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, InstallWithin);
        if (ended.ExitCode is not 0)
            throw new InvalidOperationException($"npm ci failed with {ended.ExitCode}:\n{ended.Output}{ended.Errors}");
        await File.WriteAllTextAsync(installed, string.Empty);
    }

    // A script that another test host may be reading is left alone unless it has changed.
    private static void CopyScripts(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*.mjs"))
        {
            var copy = Path.Combine(to, Path.GetFileName(file));
            if (!File.Exists(copy) || File.ReadAllText(copy) != File.ReadAllText(file))
                File.Copy(file, copy, overwrite: true);
        }
    }

    private static async Task<FileStream> LockAsync(string file)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var late = new CancellationTokenSource(InstallWithin);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await again.WaitForNextTickAsync(late.Token); // Another test host is installing.
            }
        }
    }
}
