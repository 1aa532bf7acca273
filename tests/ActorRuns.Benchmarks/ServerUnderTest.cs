using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace ActorRuns.Benchmarks;

/// <summary>Our server as a process of its own, with a data folder of its own; both are gone when it is disposed.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly Process _process;

    private ServerUnderTest(Process process, Uri address, DirectoryInfo data)
    {
        _process = process;
        Data = data;
        Client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Talks to the server.</summary>
    public HttpClient Client { get; }

    /// <summary>Where its data is.</summary>
    public DirectoryInfo Data { get; }

    /// <summary>Starts the server and waits until it answers.</summary>
    public static async Task<ServerUnderTest> StartAsync(CancellationToken cancellationToken)
    {
        var assembly = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ServerAssembly").Value;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var data = Directory.CreateTempSubdirectory("actorruns-bench-");
        var start = new ProcessStartInfo("dotnet", [assembly!, "--urls", address.ToString(), "--data", data.FullName])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);

        var server = new ServerUnderTest(process, address, data);
        await server.AnswersAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Data.Delete(recursive: true);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
