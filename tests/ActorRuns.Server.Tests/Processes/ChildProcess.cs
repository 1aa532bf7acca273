using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>A process that a test starts. What it prints is kept, and it does not outlive the test host.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task<string> _errors;
    private readonly Task _outputRead;

    private ChildProcess(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += KillNow;
        _errors = process.StandardError.ReadToEndAsync();
        _outputRead = ReadOutputAsync();
    }

    /// <summary>Starts a program, without the settings that the environment may hold for our server.</summary>
    /// <param name="program">A file, or a name to be looked up in the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">What is added to its environment.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return new ChildProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Starts a program and returns when it has ended.</summary>
    /// <exception cref="TimeoutException">It takes longer than that; it is killed then.</exception>
    public static async Task<Ended> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        TimeSpan timeout,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = Start(program, arguments, folder, environment);
        return await process.EndAsync(timeout);
    }

    /// <summary>Waits for the next line of output that fits.</summary>
    /// <exception cref="InvalidOperationException">The process ended without such a line.</exception>
    /// <exception cref="TimeoutException">It did not come in time; the message tells what came instead.</exception>
    public async Task<string> LineAsync(string what, Predicate<string> fits, TimeSpan timeout)
    {
        using var late = new CancellationTokenSource(timeout);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(late.Token))
            {
                if (fits(line))
                    return line;
            }
        }
        catch (OperationCanceledException cancelled) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"{what} did not come within {timeout}. The process said:\n{Output}", cancelled);
        }

        throw new InvalidOperationException(
            $"The process ended and {what} had not come. It said:\n{Output}{await _errors}");
    }

    /// <summary>Sends SIGKILL, and returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM: what a service manager, or Ctrl+C in another guise, does.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Holds the process up, as a machine that is out of memory or a debugger does.</summary>
    public Task HoldUpAsync() => SignalAsync("STOP");

    /// <summary>Lets the process go on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    /// <exception cref="TimeoutException">It takes longer than that; the message tells what it said.</exception>
    public async Task<Ended> EndAsync(TimeSpan timeout)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _outputRead, _errors).WaitAsync(timeout);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The process did not end within {timeout}. It said:\n{Output}", late);
        }

        return new Ended(_process.ExitCode, Output, await _errors);
    }

    /// <summary>Kills the process if it is still there.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillNow;
        if (!_process.HasExited)
            await KillAsync();
        await _outputRead;
        _process.Dispose();
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.AppendLine(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    private void KillNow(object? sender, EventArgs e) => _process.Kill(entireProcessTree: true);

    // A developer's own keys among them: no test is to spend them.
    private static bool IsOurs(string variable) =>
        variable.StartsWith("ACTORRUNS_", StringComparison.Ordinal)
        || variable.StartsWith("OPENAI_", StringComparison.Ordinal)
        || variable.StartsWith("ANTHROPIC_", StringComparison.Ordinal);

    /// <summary>How a process ended.</summary>
    /// <param name="ExitCode">Its exit code.</param>
    /// <param name="Output">Everything it printed.</param>
    /// <param name="Errors">Everything it printed as errors.</param>
    public sealed record Ended(int ExitCode, string Output, string Errors);
}
