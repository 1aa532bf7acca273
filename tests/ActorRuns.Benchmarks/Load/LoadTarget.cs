namespace ActorRuns.Benchmarks.Load;

/// <summary>A server of the API that is measured.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Api">Talks to it.</param>
/// <param name="ProcessId">Its process, when it is one of ours to look at.</param>
internal sealed record LoadTarget(string Name, WireApi Api, int? ProcessId)
{
    /// <summary>A whole run: a model step, a tool, a model step.</summary>
    public static RunBody SanFrancisco { get; } = RunBody.Weather("SF");

    /// <summary>The same, read token by token.</summary>
    public static RunBody Tokens { get; } = RunBody.Weather("SF", mode: "messages-tuple");

    /// <summary>A run that stays in its tool until it is stopped.</summary>
    public static RunBody SlowTool { get; } = RunBody.Weather("SF", toolDelayMs: 60_000, mode: "updates");

    /// <summary>The second message.</summary>
    public static RunBody Interrupting { get; } = RunBody.Weather("NYC", strategy: "interrupt", mode: "updates");

    /// <summary>A message and its echo.</summary>
    public static RunBody Chat { get; } = RunBody.Echo("hello");
}
