namespace ActorRuns.Agents;

/// <summary>What a tool does to the world, and so what may be done when the process was lost in a call of it.</summary>
public enum ToolEffect
{
    /// <summary>It only looks; it is run again. So is a tool that says nothing about itself.</summary>
    None,

    /// <summary>Done twice is done once, for instance by its idempotency key; it is run again.</summary>
    Idempotent,

    /// <summary>It must not be done twice: it is not run again before a human has said what became of it.</summary>
    AtMostOnce,
}
