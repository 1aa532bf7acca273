using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace ActorRuns.Hosting.Tests.Browser;

/// <summary>
/// A Chromium of the test's own, without a window, that is spoken to on the loopback address and ended by its process.
/// Where Debian's package is missing it is installed.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "chromium";

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("actorruns-chromium-");
    private Process? _process;

    /// <summary>Starts one, and opens a page.</summary>
    public static async Task<(Chromium Browser, BrowserPage Page)> OpenAsync(
        Uri page, CancellationToken cancellationToken)
    {
        if (!IsInstalled())
        {
            await InstallAsync("update");
            await InstallAsync("install", "-y", "--no-install-recommends", Program);
        }

        var browser = new Chromium();
        try
        {
            var port = await browser.StartAsync(cancellationToken);
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var tabs = await client.GetFromJsonAsync<JsonElement>("json/list", cancellationToken);
            var tab = tabs.EnumerateArray().First(one => one.GetProperty("type").ValueEquals("page"));
            var address = new Uri(tab.GetProperty("webSocketDebuggerUrl").GetString()!); // Chromium says so.
            return (browser, await BrowserPage.OpenAsync(address, page, cancellationToken));
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may have written a last file; the folder is a temporary one.
        }
    }

    /// <summary>Starts it, and waits for the port that it can be spoken to on.</summary>
    private async Task<int> StartAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--remote-debugging-address=127.0.0.1", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.FullName}", "about:blank",
        ];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{Program} did not start.");
        while (await _process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            const string Listens = "DevTools listening on ";
            if (!line.StartsWith(Listens, StringComparison.Ordinal))
                continue;

            _ = _process.StandardError.ReadToEndAsync(CancellationToken.None); // Or the pipe would fill.
            return new Uri(line[Listens.Length..]).Port;
        }

        throw new InvalidOperationException($"{Program} ended before it listened.");
    }

    private static bool IsInstalled() => $"{Environment.GetEnvironmentVariable("PATH")}".Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    private static async Task InstallAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("apt-get", arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        })!; // Debian has it.
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode is not 0)
            throw new InvalidOperationException($"apt-get {arguments[0]} ended with {process.ExitCode}.");
    }
}
