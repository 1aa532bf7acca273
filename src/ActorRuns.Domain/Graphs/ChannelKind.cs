namespace ActorRuns.Graphs;

/// <summary>How a channel of a thread's state takes what is written to it.</summary>
public enum ChannelKind
{
    /// <summary>
    /// Keeps the last value written; absent from the values until then. Only one task of a step may write to one that
    /// is declared.
    /// </summary>
    LastValue,

    /// <summary>A list of messages: a new id is appended, a known one replaced, a removal takes one away.</summary>
    Messages,

    /// <summary>A list: what is written is appended, each element of it if it is a list itself.</summary>
    List,

    /// <summary>A function of the graph's makes the new value of the present one and what is written.</summary>
    Reduced,
}
