using ActorRuns.Runs;

namespace ActorRuns.Server.Agents;

/// <summary>How long the parts of the weather agent take.</summary>
/// <param name="Model">Before a model step does anything.</param>
/// <param name="Token">Before every token of text.</param>
/// <param name="Tool">Before a tool's result.</param>
public sealed record DemoDelays(TimeSpan Model, TimeSpan Token, TimeSpan Tool)
{
    /// <summary>About what a small hosted model and a web search take.</summary>
    public static DemoDelays Realistic { get; } = new(
        Model: TimeSpan.FromMilliseconds(1200),
        Token: TimeSpan.FromMilliseconds(60),
        Tool: TimeSpan.FromMilliseconds(1500));

    /// <summary>
    /// These delays with those that the run itself sets: <c>model_delay_ms</c>, <c>token_delay_ms</c>,
    /// <c>tool_delay_ms</c>.
    /// </summary>
    public DemoDelays For(RunSettings settings) => new(
        settings.GetMilliseconds("model_delay_ms", Model),
        settings.GetMilliseconds("token_delay_ms", Token),
        settings.GetMilliseconds("tool_delay_ms", Tool));
}
