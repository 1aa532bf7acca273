using System.Reflection;
using System.Text;
using ActorRuns.Chaos.Member;
using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Chaos.World;

/// <summary>A member: a process that can be killed, held up and stopped, and starts at the same address.</summary>
internal sealed class ChaosMember(int number, int port, string database) : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StartAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _log = new();
    private ChildProcess? _process;

    /// <summary>Where users reach it.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{port}");

    /// <summary>Between it and those who forward to it.</summary>
    public CuttableProxy Proxy { get; } = new(port);

    /// <summary>What its processes have printed.</summary>
    public string Log => _log + _process?.Output;

    /// <summary>
    /// Starts the process, and returns when it listens. One that finds no database ends; it is started again, as a
    /// service manager does.
    /// </summary>
    public async Task StartAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await TryStartAsync())
        {
            if (TimeProvider.System.GetElapsedTime(began) > StartWithin)
                throw new TimeoutException($"Member {number} did not start within {StartWithin}:\n{_process?.Output}");
            await Task.Delay(StartAgainAfter, TimeProvider.System);
        }
    }

    private async Task<bool> TryStartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _log.Append(_process.Output);
        }

        string[] arguments =
        [
            Assembly.GetExecutingAssembly().Location, "member",
            "--name", $"member-{number}",
            "--urls", $"{Address}",
            "--advertise", $"{Proxy.Address}",
            "--database", database,
        ];
        _process = ChildProcess.Start("dotnet", arguments, AppContext.BaseDirectory);
        try
        {
            await _process.LineAsync("its first word", line => line is MemberHost.Listening, StartWithin);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // It ended.
        }
    }

    /// <summary>Ends it at once.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Holds it up.</summary>
    public Task HoldUpAsync() => Process.HoldUpAsync();

    /// <summary>Lets it go on.</summary>
    public Task GoOnAsync() => Process.GoOnAsync();

    /// <summary>Asks it to stop.</summary>
    /// <returns>What was wrong with how it did; null when nothing was.</returns>
    public async Task<string?> StopAsync()
    {
        await Process.TerminateAsync();
        try
        {
            var ended = await Process.EndAsync(StopWithin);
            return ended.ExitCode is 0 ? null : $"member {number} ended with {ended.ExitCode} when told to stop";
        }
        catch (TimeoutException late)
        {
            await Process.KillAsync();
            return $"member {number} did not stop: {late.Message}";
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.GoOnAsync();
            await _process.DisposeAsync();
        }

        await Proxy.DisposeAsync();
    }

    private ChildProcess Process => _process ?? throw new InvalidOperationException("The member was never started.");
}
