using System.Text.Json;

namespace ActorRuns.Models.Mcp;

/// <summary>
/// Reads the file that names MCP servers: <c>{"mcpServers":{"name":{"command":…,"args":[…],"env":{…}}}}</c>, or
/// <c>{"url":…,"headers":{…}}</c>. <c>${NAME}</c> in a text stands for a variable of the environment.
/// </summary>
public static class McpServersFile
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>
    /// Reads the servers, by name, without those that are <c>disabled</c>. What stands beside <c>mcpServers</c> is
    /// other hosts' and is passed over; a key of a server that nobody knows is a fault.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="McpServerException">
    /// The file cannot be read, or says what cannot be; the message names the file and each fault with its server, and
    /// holds no value of the environment.
    /// </exception>
    public static IReadOnlyList<McpServerEntry> Read(string path, Func<string, string?> environment)
    {
        var faults = new List<string>();
        var entries = new List<McpServerEntry>();
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (json.RootElement.ValueKind is not JsonValueKind.Object
                || !json.RootElement.TryGetProperty("mcpServers", out var servers)
                || servers.ValueKind is not JsonValueKind.Object)
            {
                throw new McpServerException($"The file of MCP servers {path} has no object 'mcpServers'.");
            }

            foreach (var named in servers.EnumerateObject().GroupBy(server => server.Name, StringComparer.Ordinal)
                .OrderBy(named => named.Key, StringComparer.Ordinal))
            {
                if (named.Count() > 1)
                    faults.Add($"there are {named.Count()} servers named '{named.Key}'");
                foreach (var server in named)
                {
                    if (new McpEntryReader(named.Key, environment, faults).Read(server.Value) is { } entry)
                        entries.Add(entry);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new McpServerException($"The file of MCP servers {path} cannot be read: {fault.Message}", fault);
        }

        return faults.Count is 0
            ? entries
            : throw new McpServerException(
                $"The file of MCP servers {path} cannot be used: {string.Join("; ", faults)}.");
    }
}
