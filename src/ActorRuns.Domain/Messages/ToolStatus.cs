namespace ActorRuns.Messages;

/// <summary>How a tool call ended.</summary>
public enum ToolStatus
{
    /// <summary>The tool answered.</summary>
    Success,

    /// <summary>The tool failed, or never got to answer.</summary>
    Error,
}
