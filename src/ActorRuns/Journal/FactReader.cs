using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;

namespace ActorRuns.Journal;

/// <summary>Reads the fields of a stored fact; a field that is missing or wrong is named with the fact's kind.</summary>
internal readonly struct FactReader(string manifest, JsonElement json)
{
    public RunId Run() => new(Uuid("run_id"));

    public ImmutableArray<RunId> Runs(string name)
    {
        var texts = Texts(name);
        return texts.All(text => RunId.TryParse(text, out _))
            ? [.. texts.Select(text => RunId.TryParse(text, out var run) ? run : default)]
            : throw Wrong(name, "a list of UUIDs");
    }

    public Guid Uuid(string name) => Guid.TryParseExact(Text(name), "D", out var value) ? value : throw Wrong(name, "a UUID");

    public string Text(string name) => TextOrNull(name) ?? throw Wrong(name, "a text");

    public string? TextOrNull(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public ImmutableArray<string> Texts(string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString() ?? string.Empty)]
            : [];

    public ImmutableArray<JsonElement> Elements(string name) =>
        Value(name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray()]
            : throw Wrong(name, "a list");

    public int Number(string name) => Value(name).TryGetInt32(out var value) ? value : throw Wrong(name, "a whole number");

    public byte[] Bytes(string name) =>
        Value(name).TryGetBytesFromBase64(out var value) ? value : throw Wrong(name, "bytes in base 64");

    public bool Flag(string name) => ValueOrUndefined(name).ValueKind is JsonValueKind.True;

    public DateTimeOffset Time(string name) =>
        Value(name).TryGetDateTimeOffset(out var value) ? value : throw Wrong(name, "a time");

    public DateTimeOffset? TimeOrNull(string name) => TextOrNull(name) is null ? null : Time(name);

    public TimeSpan Milliseconds(string name) =>
        Value(name).TryGetInt64(out var value) ? TimeSpan.FromMilliseconds(value) : throw Wrong(name, "a whole number");

    public T Name<T>(string name) where T : struct, Enum =>
        JsonNames.TryRead<T>(Text(name), out var value) ? value : throw Wrong(name, $"one of {string.Join(", ", JsonNames.All<T>())}");

    public JsonElement Value(string name) =>
        json.TryGetProperty(name, out var value) ? value : throw Wrong(name, "a value");

    public JsonElement ValueOrUndefined(string name) => json.TryGetProperty(name, out var value) ? value : default;

    public FactReader Object(string name) =>
        Value(name) is { ValueKind: JsonValueKind.Object } value ? new(manifest, value) : throw Wrong(name, "an object");

    public IEnumerable<FactReader> Items(string name)
    {
        var kind = manifest;
        return Value(name).EnumerateArray().Select(item => new FactReader(kind, item));
    }

    public ImmutableSortedDictionary<string, JsonElement> Map(string name) => Value(name).EnumerateObject()
        .ToImmutableSortedDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);

    public IEnumerable<string> Names() => json.EnumerateObject().Select(property => property.Name);

    public Message Message(string name) => ReadMessage(name, Value(name));

    public IEnumerable<Message> Messages(string name)
    {
        var self = this;
        return Value(name).EnumerateArray().Select(item => self.ReadMessage(name, item));
    }

    private Message ReadMessage(string name, JsonElement element)
    {
        var self = this;
        return MessageReader.TryRead(
            element, () => throw self.Wrong($"{name}.id", "a text"), out var message, out var expected)
            ? message
            : throw Wrong(name, expected);
    }

    public JsonException Wrong(string name, string expected) =>
        new($"A fact of kind '{manifest}' has no right '{name}': expected {expected}.");
}
