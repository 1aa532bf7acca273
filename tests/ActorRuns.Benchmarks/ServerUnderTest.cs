using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace ActorRuns.Benchmarks;

/// <summary>A server as a process of its own, with a data folder of its own, until it is disposed.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private ServerUnderTest(Process process, Uri address, DirectoryInfo data)
    {
        _process = process;
        Data = data;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Talks to the server.</summary>
    public HttpClient Client { get; }

    /// <summary>Where its data is.</summary>
    public DirectoryInfo Data { get; }

    /// <summary>Its process, which may have started others.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts our server and waits until it answers.</summary>
    public static Task<ServerUnderTest> StartAsync(CancellationToken cancellationToken) =>
        StartBuildAsync(Fact("ServerAssembly"), cancellationToken);

    /// <summary>Starts a build of our server, and waits until it answers.</summary>
    /// <param name="assembly">The path of its <c>ActorRuns.Server.dll</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<ServerUnderTest> StartBuildAsync(string assembly, CancellationToken cancellationToken)
    {
        var data = NewFolder();
        var address = FreeAddress();
        return StartAsync(
            new ProcessStartInfo("dotnet", [assembly, "--urls", $"{address}", "--data", data.FullName]),
            address, data, cancellationToken);
    }

    /// <summary>
    /// Starts the JavaScript development server with the same agents, and waits until it answers. Its packages are
    /// installed when it is first asked for.
    /// </summary>
    public static async Task<ServerUnderTest> StartPeerAsync(CancellationToken cancellationToken)
    {
        var workspace = Directory.CreateDirectory(Fact("PeerWorkspace"));
        foreach (var file in Directory.EnumerateFiles(Fact("PeerSources")))
            File.Copy(file, Path.Combine(workspace.FullName, Path.GetFileName(file)), overwrite: true);
        if (!Directory.Exists(Path.Combine(workspace.FullName, "node_modules")))
        {
            var install = new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = workspace.FullName,
            };
            using var installed = Start(install);
            await installed.WaitForExitAsync(cancellationToken);
        }

        var address = FreeAddress();
        string[] arguments =
        [
            "node_modules/.bin/langgraphjs", "dev", "--no-browser", "--no-reload", "--host", address.Host,
            "--port", $"{address.Port}", "--n-jobs-per-worker", "30", "--config", "langgraph.json",
        ];
        var start = new ProcessStartInfo("node", arguments) { WorkingDirectory = workspace.FullName };
        start.Environment["LANGSMITH_TRACING"] = "false";
        return await StartAsync(start, address, NewFolder(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Data.Delete(recursive: true);
    }

    private static async Task<ServerUnderTest> StartAsync(
        ProcessStartInfo start, Uri address, DirectoryInfo data, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Start(start);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);

        var server = new ServerUnderTest(process, address, data);
        await server.AnswersAsync(cancellationToken);
        return server;
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await Client.GetAsync("ok", cancellationToken)).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (tries < 300 && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static Process Start(ProcessStartInfo start) =>
        Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");

    private static DirectoryInfo NewFolder() => Directory.CreateTempSubdirectory("actorruns-bench-");

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>What the build wrote down about where things are.</summary>
    private static string Fact(string key) => Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
