using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorRuns.Server.Tests.Fuzz;

/// <summary>Makes something hostile of a valid body; the same chances give the same body.</summary>
/// <param name="chance">Decides everything.</param>
internal sealed class JsonMutator(Random chance)
{
    private static readonly string[] Hostile =
    [
        "null", "true", "-1", "0", "1e400", "-0.0", "123456789012345678901234567890", "1.5", "\"\"", "\" \"", "[]",
        "[[[]]]", "\"\\u0000\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"a\\r\\nevent: x\"", "\"../../etc/passwd\"",
        "\"{{7*7}}\"", "\"%00\"", "{\"__proto__\": {}}", "{\"$gt\": {}}", "\"00000000-0000-0000-0000-000000000000\"",
        "\"9999-99-99T99:99:99Z\"", "[null]", "[1, \"a\", {}]", "{\"\": 1}", "{\"a\": 1, \"a\": 2}", "NaN", "'x'",
        "1 2", "{}",
        "\"\\u202e\\ufeff\"", "9007199254740993", "-9223372036854775809", "2147483648", "\"interrupt\"", "\"*\"",
    ];

    /// <summary>A body that may be wrong in any way, as bytes that may not even be text.</summary>
    public byte[] Mutate(FuzzSeed seed)
    {
        if (seed.Body is null)
            return chance.Next(10) is 0 ? Encoding.UTF8.GetBytes(AnyValue()) : [];

        var text = chance.Next(4) switch
        {
            0 => seed.Body,
            1 => AnyValue(),
            _ => Changed(seed),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        return chance.Next(6) is 0 ? Damaged(bytes) : bytes;
    }

    /// <summary>The valid body with some values replaced, added, doubled or taken away.</summary>
    private string Changed(FuzzSeed seed)
    {
        var root = seed.Parse()!; // The seed has a body.
        var placeholders = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var changes = 1 + chance.Next(3); changes > 0; changes--)
            Change(Somewhere(root), placeholders);
        return placeholders.Aggregate(root.ToJsonString(), (text, holder) => text.Replace(
            $"\"{holder.Key}\"", holder.Value, StringComparison.Ordinal));
    }

    private void Change(JsonNode node, Dictionary<string, string> placeholders)
    {
        if (node is JsonObject fields && fields.Count > 0 && chance.Next(3) is 0)
            fields.Remove(fields.ElementAt(chance.Next(fields.Count)).Key);
        else if (node is JsonObject more && chance.Next(2) is 0)
            more[AnyName()] = Placeholder(placeholders);
        else if (node is JsonObject { Count: > 0 } full)
            full[full.ElementAt(chance.Next(full.Count)).Key] = Placeholder(placeholders);
        else if (node is JsonArray list)
            list.Add(Placeholder(placeholders));
    }

    // Hostile values need not be JSON, so they are put in when the rest is text.
    private string Placeholder(Dictionary<string, string> placeholders)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@@{placeholders.Count}@@");
        placeholders[name] = AnyValue();
        return name;
    }

    private JsonNode Somewhere(JsonNode node)
    {
        while (chance.Next(3) > 0)
        {
            List<JsonNode> inside = node switch
            {
                JsonObject fields => [.. fields.Select(field => field.Value).OfType<JsonNode>()],
                JsonArray items => [.. items.OfType<JsonNode>()],
                _ => [],
            };
            inside.RemoveAll(child => child is JsonValue);
            if (inside.Count is 0)
                break;
            node = inside[chance.Next(inside.Count)];
        }

        return node;
    }

    private string AnyValue() => chance.Next(40) switch
    {
        0 => string.Concat(new string('[', 2_000), new string(']', 2_000)),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200),
        2 => $"\"{new string('x', chance.Next(100_000))}\"",
        3 => $"[{string.Join(',', Enumerable.Repeat("{\"role\":\"human\",\"content\":\"x\"}", chance.Next(200)))}]",
        4 => chance.Next().ToString(CultureInfo.InvariantCulture),
        _ => Hostile[chance.Next(Hostile.Length)],
    };

    private string AnyName() => chance.Next(5) switch
    {
        0 => string.Empty,
        1 => "__interrupt__",
        2 => "unknown_field",
        3 => new string('n', chance.Next(5_000)),
        _ => "configurable",
    };

    private byte[] Damaged(byte[] bytes)
    {
        if (bytes.Length is 0)
            return [0xC3, 0x28];
        if (chance.Next(3) is 0)
            return bytes[..chance.Next(bytes.Length)];

        for (var flips = 1 + chance.Next(4); flips > 0; flips--)
            bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
        return bytes;
    }
}
