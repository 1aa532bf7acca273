namespace ActorRuns.Models.Mcp;

/// <summary>Which MCP servers there are, and how patiently they are started.</summary>
public sealed class McpOptions
{
    /// <summary>
    /// The file that names the servers, in the form that other MCP hosts read (<c>mcpServers</c>); empty for none.
    /// </summary>
    /// <value>Default empty.</value>
    public string ServersFile { get; init; } = string.Empty;

    /// <summary>How long a server may take to start, or to be reached.</summary>
    /// <value>Default 30 s; from 100 ms to 10 min.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server that did not start is left alone; its tools fail at once meanwhile.</summary>
    /// <value>Default 5 s; from 0 to 1 h.</value>
    public TimeSpan RestartPause { get; init; } = TimeSpan.FromSeconds(5);
}
