namespace ActorRuns.Runs;

/// <summary>What a run's stream tells; the names are those of the wire, in lower case.</summary>
[Flags]
public enum StreamModes
{
    /// <summary>Nothing but the frame that names the run.</summary>
    None = 0,

    /// <summary>The whole state after the input and after every step.</summary>
    Values = 1 << 0,

    /// <summary>What each node wrote.</summary>
    Updates = 1 << 1,

    /// <summary>Messages as they grow, each frame with the text so far.</summary>
    Messages = 1 << 2,

    /// <summary>Messages token by token, each frame with what is new (<c>messages-tuple</c>).</summary>
    MessagesTuple = 1 << 3,

    /// <summary>What nodes write to the stream themselves.</summary>
    Custom = 1 << 4,

    /// <summary>The start and the result of every node.</summary>
    Tasks = 1 << 5,

    /// <summary>Every checkpoint with what comes next.</summary>
    Checkpoints = 1 << 6,

    /// <summary>Checkpoints, tasks and results with their step and time.</summary>
    Debug = 1 << 7,

    /// <summary>LangChain's callback events.</summary>
    Events = 1 << 8,

    /// <summary>The life cycle of tool calls.</summary>
    Tools = 1 << 9,
}
