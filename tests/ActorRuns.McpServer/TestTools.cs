using System.Diagnostics;
using System.Globalization;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace ActorRuns.McpServer;

/// <summary>Tools of every temper.</summary>
public sealed class TestTools
{
    private readonly TaskCompletionSource _slowStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _slowCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public McpServerPrimitiveCollection<McpServerTool> All =>
    [
        McpServerTool.Create((string text) => $"You said {text}.", new() { Name = "echo", ReadOnly = true }),
        McpServerTool.Create(SlowAsync, new() { Name = "slow", Idempotent = true }),
        McpServerTool.Create(DeafAsync, new() { Name = "deaf" }),
        McpServerTool.Create(string () => throw new McpException("It is broken."), new() { Name = "errs" }),
        McpServerTool.Create(Die, new() { Name = "die.now", Destructive = true }),
        McpServerTool.Create(Pid, new() { Name = "pid" }),
        McpServerTool.Create(Variable, new() { Name = "variable" }),
        McpServerTool.Create(SeenAsync, new() { Name = "seen" }),
    ];

    private async Task<string> SlowAsync(CancellationToken cancellationToken)
    {
        _slowStarted.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return "never";
        }
        catch (OperationCanceledException)
        {
            _slowCancelled.TrySetResult();
            throw;
        }
    }

    private async Task<string> DeafAsync()
    {
        _slowStarted.TrySetResult();
        await Task.Delay(TimeSpan.FromMinutes(10), TimeProvider.System);
        return "late";
    }

    /// <summary>Answers once a tool has started, or once the slow one was cancelled.</summary>
    private async Task<string> SeenAsync(string what)
    {
        await (what is "started" ? _slowStarted : _slowCancelled).Task.WaitAsync(TimeSpan.FromSeconds(20));
        return what;
    }

    private static string Pid() => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "-";

    private static string Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return "dead";
    }
}
