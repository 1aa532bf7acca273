using Xunit.Sdk;

namespace ActorRuns.TestKit;

/// <summary>Something is not as a scenario expects; the message ends with the timeline of its thread.</summary>
/// <param name="message">What was expected, what is, and what happened until then.</param>
/// <param name="innerException">What it was caused by; null when nothing was thrown.</param>
public sealed class ScenarioException(string message, Exception? innerException = null)
    : XunitException(message, innerException);
