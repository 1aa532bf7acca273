namespace ActorRuns.Graphs;

/// <summary>How a channel of a thread's state takes what is written to it.</summary>
public enum ChannelKind
{
    /// <summary>Keeps the last value written; absent from the values until then.</summary>
    LastValue,

    /// <summary>A list of messages: a new id is appended, a known one replaced, a removal takes one away.</summary>
    Messages,
}
