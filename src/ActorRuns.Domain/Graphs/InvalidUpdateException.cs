namespace ActorRuns.Graphs;

/// <summary>What was written to a channel is not for it to take; the run fails with it.</summary>
/// <param name="message">Which channel, and why not.</param>
/// <param name="inner">What the channel's function threw; null when it was not asked.</param>
public sealed class InvalidUpdateException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The error's name on the wire, which is LangGraph's.</summary>
    public const string ErrorName = "InvalidUpdateError";
}
