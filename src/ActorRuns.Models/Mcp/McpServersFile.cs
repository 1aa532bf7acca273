using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorRuns.Models.Mcp;

/// <summary>
/// Reads the file that names MCP servers: <c>{"mcpServers":{"name":{"command":…,"args":[…],"env":{…}}}}</c>, or
/// <c>{"url":…,"headers":{…}}</c>. <c>${NAME}</c> in a text stands for a variable of the environment.
/// </summary>
public static partial class McpServersFile
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads the servers, by name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="McpServerException">
    /// The file cannot be read, or says what cannot be; the message names the file and the server.
    /// </exception>
    public static IReadOnlyList<McpServerEntry> Read(string path, Func<string, string?> environment)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (json.RootElement.ValueKind is not JsonValueKind.Object
                || !json.RootElement.TryGetProperty("mcpServers", out var servers)
                || servers.ValueKind is not JsonValueKind.Object)
            {
                throw new FormatException("it has no object 'mcpServers'.");
            }

            return
            [
                .. servers.EnumerateObject()
                    .OrderBy(server => server.Name, StringComparer.Ordinal)
                    .Select(server => Entry(server.Name, server.Value, environment)),
            ];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException
            or FormatException)
        {
            throw new McpServerException($"The file of MCP servers {path} cannot be read: {fault.Message}", fault);
        }
    }

    private static McpServerEntry Entry(string name, JsonElement server, Func<string, string?> environment)
    {
        if (!Name().IsMatch(name))
            throw new FormatException($"server '{name}' must have a name of letters, digits, - and _, at most 32.");
        if (server.ValueKind is not JsonValueKind.Object)
            throw new FormatException($"server '{name}' is no object.");

        var command = Text("command");
        var url = Text("url");
        if (command is null == url is null)
            throw new FormatException($"server '{name}' must have either a command or a url.");
        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !IsHttp(address)))
            throw new FormatException($"server '{name}' has the url '{url}', which is no address.");

        return new McpServerEntry
        {
            Name = name,
            Command = command,
            Arguments = [.. Values("args").Select(value => Expanded(value, name, environment))],
            Environment = Pairs("env"),
            Folder = Text("cwd"),
            Address = url is null ? null : new Uri(url),
            Headers = Pairs("headers"),
            IsOptional = server.TryGetProperty("optional", out var optional)
                && optional.ValueKind is JsonValueKind.True,
        };

        string? Text(string property) =>
            server.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String
                ? Expanded(value, name, environment)
                : null;

        IEnumerable<JsonElement> Values(string property) =>
            server.TryGetProperty(property, out var values) && values.ValueKind is JsonValueKind.Array
                ? values.EnumerateArray()
                : [];

        ImmutableDictionary<string, string> Pairs(string property) =>
            server.TryGetProperty(property, out var pairs) && pairs.ValueKind is JsonValueKind.Object
                ? pairs.EnumerateObject().ToImmutableDictionary(
                    pair => pair.Name, pair => Expanded(pair.Value, name, environment), StringComparer.Ordinal)
                : ImmutableDictionary<string, string>.Empty;
    }

    private static bool IsHttp(Uri address) => address.Scheme is "http" or "https";

    private static string Expanded(JsonElement value, string server, Func<string, string?> environment) =>
        value.ValueKind is not JsonValueKind.String
            ? value.GetRawText()
            : Variable().Replace(value.GetString()!, match => // It is a string.
                environment(match.Groups["name"].Value) ?? throw new FormatException(
                    $"server '{server}' asks for ${{{match.Groups["name"].Value}}}, which the environment has not."));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
