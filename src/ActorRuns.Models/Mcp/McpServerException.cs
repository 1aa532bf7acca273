namespace ActorRuns.Models.Mcp;

/// <summary>
/// An MCP server cannot be used, or its tool failed; the message is for the model, or for who set it up.
/// </summary>
public sealed class McpServerException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public McpServerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
