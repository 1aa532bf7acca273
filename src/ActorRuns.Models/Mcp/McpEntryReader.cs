using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorRuns.Models.Mcp;

/// <summary>Reads what the file says of one server, and collects all that is wrong with it.</summary>
/// <param name="name">The server's name.</param>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="faults">Where the faults go, each of which names the server.</param>
internal sealed partial class McpEntryReader(
    string name, Func<string, string?> environment, List<string> faults)
{
    private static readonly string[] OfPrograms = ["command", "args", "env", "cwd"];
    private static readonly string[] OfAddresses = ["url", "headers"];
    private static readonly string[] OfBoth = ["type", "optional", "disabled"];
    private static readonly string[] Known = [.. OfPrograms, .. OfAddresses, .. OfBoth];

    /// <summary>The server; null when it is disabled or has a fault.</summary>
    public McpServerEntry? Read(JsonElement server)
    {
        var before = faults.Count;
        if (!Name().IsMatch(name))
            Fault("must have a name of letters, digits, - and _, at most 32");
        if (server.ValueKind is not JsonValueKind.Object)
        {
            Fault($"is {KindOf(server)}; it must be an object");
            return null;
        }

        var said = Keys(server);
        if (Flag(said, "disabled"))
            return null; // It may well be so because a variable is missing.

        var entry = new McpServerEntry
        {
            Name = name,
            Command = Text(said, "command"),
            Arguments = Texts(said, "args"),
            Environment = Pairs(said, "env"),
            Folder = Text(said, "cwd"),
            Address = Address(said),
            Headers = Headers(said),
            IsOptional = Flag(said, "optional"),
        };
        CheckKind(said);
        return faults.Count > before ? null : entry;
    }

    private Dictionary<string, JsonElement> Keys(JsonElement server)
    {
        var said = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in server.EnumerateObject())
        {
            if (!Known.Contains(key.Name))
                Fault($"has the key '{key.Name}', which is none of {string.Join(", ", Known)}");
            if (!said.TryAdd(key.Name, key.Value))
                Fault($"has the key '{key.Name}' twice");
        }

        return said;
    }

    private void CheckKind(Dictionary<string, JsonElement> said)
    {
        var isProgram = said.ContainsKey("command");
        if (isProgram == said.ContainsKey("url"))
        {
            Fault("must have either a command or a url");
            return;
        }

        foreach (var stray in (isProgram ? OfAddresses : OfPrograms).Where(said.ContainsKey))
            Fault($"has '{stray}', which a server with a {(isProgram ? "command" : "url")} has not");
        string[] fitting = isProgram ? ["stdio"] : ["http", "streamable-http", "streamableHttp"];
        if (Text(said, "type") is { } type && !fitting.Contains(type))
            Fault($"has the type '{Raw(said["type"])}'; it must be {string.Join(" or ", fitting)}");
    }

    private Uri? Address(Dictionary<string, JsonElement> said)
    {
        if (Text(said, "url") is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        Fault($"has the url '{Raw(said["url"])}', which is no address"); // As written: a variable may be a secret.
        return null;
    }

    private ImmutableDictionary<string, string> Headers(Dictionary<string, JsonElement> said)
    {
        var headers = Pairs(said, "headers");
        using var request = new HttpRequestMessage();
        foreach (var header in headers.Keys.Where(key => !request.Headers.TryAddWithoutValidation(key, string.Empty)))
            Fault($"has the header '{header}', which no request has");
        return headers;
    }

    private string? Text(Dictionary<string, JsonElement> said, string key)
    {
        if (!said.TryGetValue(key, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 })
            return Expanded(value);
        Fault($"has a '{key}' that is {KindOf(value)}; it must be a text");
        return null;
    }

    private bool Flag(Dictionary<string, JsonElement> said, string key)
    {
        if (!said.TryGetValue(key, out var value) || value.ValueKind is JsonValueKind.False)
            return false;
        if (value.ValueKind is not JsonValueKind.True)
            Fault($"has a '{key}' that is {KindOf(value)}; it must be true or false");
        return true;
    }

    private ImmutableArray<string> Texts(Dictionary<string, JsonElement> said, string key)
    {
        if (!said.TryGetValue(key, out var values))
            return [];
        if (values.ValueKind is JsonValueKind.Array)
            return [.. values.EnumerateArray().Select((value, at) => Scalar($"{key}[{at}]", value))];
        Fault($"has '{key}' that is {KindOf(values)}; it must be a list");
        return [];
    }

    private ImmutableDictionary<string, string> Pairs(Dictionary<string, JsonElement> said, string key)
    {
        var pairs = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!said.TryGetValue(key, out var values))
            return pairs.ToImmutable();
        if (values.ValueKind is not JsonValueKind.Object)
        {
            Fault($"has '{key}' that is {KindOf(values)}; it must be an object");
            return pairs.ToImmutable();
        }

        foreach (var pair in values.EnumerateObject())
        {
            if (!pairs.TryAdd(pair.Name, Scalar($"{key}.{pair.Name}", pair.Value)))
                Fault($"has '{key}.{pair.Name}' twice");
        }

        return pairs.ToImmutable();
    }

    /// <summary>A text, or a number or a truth as it is written: an argument is often a port.</summary>
    private string Scalar(string where, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Expanded(value);
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                Fault($"has '{where}' that is {KindOf(value)}; it must be a text");
                return string.Empty;
        }
    }

    private string Expanded(JsonElement value) => Variable().Replace(Raw(value), match =>
    {
        var variable = match.Groups["name"].Value;
        if (environment(variable) is { } known)
            return known;
        Fault($"asks for ${{{variable}}}, which the environment has not");
        return match.Value;
    });

    private void Fault(string what)
    {
        var fault = $"server '{name}' {what}";
        if (!faults.Contains(fault)) // A text that is read twice is one fault.
            faults.Add(fault);
    }

    private static string Raw(JsonElement value) => value.GetString() ?? string.Empty;

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String when value.GetString() is { Length: 0 } => "empty",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,32}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
