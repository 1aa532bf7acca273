namespace ActorRuns.Threads;

/// <summary>A tool call in the transcript that has no result yet.</summary>
/// <param name="Channel">The channel of the message that asks for it.</param>
/// <param name="Id">The call.</param>
/// <param name="Name">The tool.</param>
/// <param name="Started">True once the tool was told to run, so that its effects are unknown until it answers.</param>
public sealed record OpenToolCall(string Channel, string Id, string Name, bool Started)
{
    /// <summary>True when it is the call of this id in this channel.</summary>
    public bool Is(string channel, string id) => Id == id && Channel == channel;
}
