using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Json;
using ActorRuns.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>
/// Reads the fields of a JSON body, and collects all faults before it complains. Fields that nobody asks for are
/// ignored, as every server of this API does.
/// </summary>
internal sealed class BodyReader
{
    // Of two fields with one name nobody can tell which is meant. What is taken is stored and shown some levels deeper
    // than it comes, and must be readable there by the parser's own limit of 64.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 56 };

    private readonly JsonElement _body;
    private readonly ApiOptions _limits;
    private readonly List<(string Field, string Expected)> _faults = [];

    private BodyReader(JsonElement body, ApiOptions limits)
    {
        _body = body;
        _limits = limits;
    }

    /// <summary>Reads a request's body; without one it is an empty object. Any content type is taken for JSON.</summary>
    /// <exception cref="ProblemException">The body is no JSON, or no object.</exception>
    public static async Task<BodyReader> ReadAsync(HttpContext context)
    {
        var limits = LimitsOf(context);
        var body = await ParseAsync(context, limits);
        return body.ValueKind is JsonValueKind.Object
            ? new BodyReader(body, limits)
            : throw new ProblemException(Problem.Invalid(("body", "a JSON object")));
    }

    /// <summary>Reads a body that is a list of objects.</summary>
    /// <exception cref="ProblemException">The body is no JSON, or no such list, or the list is empty.</exception>
    public static async Task<IReadOnlyList<BodyReader>> ReadListAsync(HttpContext context)
    {
        var limits = LimitsOf(context);
        var body = await ParseAsync(context, limits);
        return body.ValueKind is JsonValueKind.Array
            && body.GetArrayLength() > 0
            && body.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Object)
                ? [.. body.EnumerateArray().Select(item => new BodyReader(item, limits))]
                : throw new ProblemException(Problem.Invalid(("body", "a list of at least one JSON object")));
    }

    private static ApiOptions LimitsOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<ApiOptions>();

    private static async Task<JsonElement> ParseAsync(HttpContext context, ApiOptions limits)
    {
        using var buffer = new MemoryStream();
        await CopyAsync(context, buffer, limits);
        if (buffer.Length is 0 && context.Request.ContentType is null)
            return JsonElement.Parse("{}");

        try
        {
            var json = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            CheckTexts(json);
            return JsonElement.Parse(json, Strict);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new ProblemException(Problem.Malformed($"Malformed JSON in request body: {malformed.Message}"));
        }
    }

    /// <summary>Reads a body up to the limit, whatever it says of its length.</summary>
    /// <exception cref="ProblemException">There is more of it.</exception>
    private static async Task CopyAsync(HttpContext context, MemoryStream buffer, ApiOptions limits)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            foreach (var part in read.Buffer)
                buffer.Write(part.Span);
            body.AdvanceTo(read.Buffer.End);
            if (buffer.Length > limits.MaxBodyBytes)
                throw new ProblemException(Problem.TooLarge($"The body has more than {limits.MaxBodyBytes} bytes."));
            if (read.IsCompleted)
                return;
        }
    }

    /// <summary>The same for the same body, however it is spaced.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(StateJson.Write(_body.WriteTo)));

    /// <summary>
    /// Texts must be of whole characters (RFC 7493, section 2.1). The parser does not look, and what it lets in could
    /// be kept, but neither read nor written again.
    /// </summary>
    /// <exception cref="InvalidOperationException">One has bytes that are no UTF-8, or half a pair.</exception>
    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new InvalidOperationException("It is not UTF-8.");
        if (json.IndexOf("\\u"u8) < 0)
            return;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString(); // Which looks at every escape.
        }
    }

    /// <summary>Notes that a field is not what was expected.</summary>
    public void Fault(string field, string expected) => _faults.Add((field, expected));

    /// <summary>Complains about everything that was found.</summary>
    /// <exception cref="ProblemException">Something was found.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
            throw new ProblemException(Problem.Invalid(_faults));
    }

    /// <summary>The field as it is; undefined when it is absent or null.</summary>
    public JsonElement Value(string field) =>
        _body.TryGetProperty(field, out var value) && value.ValueKind is not JsonValueKind.Null ? value : default;

    /// <summary>The field as it is, null included; undefined when it is absent.</summary>
    public JsonElement ValueOrNull(string field) => _body.TryGetProperty(field, out var value) ? value : default;

    /// <summary>True when the field is there and not null.</summary>
    public bool Has(string field) => Value(field).ValueKind is not JsonValueKind.Undefined;

    /// <summary>True when the field is there and null; where that differs from absent, it is to be cleared.</summary>
    public bool IsNull(string field) =>
        _body.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.Null;

    /// <summary>A text, or null when it is absent.</summary>
    public string? Text(string field) => Optional(field, JsonValueKind.String, "a text") is { } value ? value.GetString() : null;

    /// <summary>A text that must be there; empty when it is not.</summary>
    public string RequiredText(string field)
    {
        if (!Has(field))
            Fault(field, "a text");
        return Text(field) ?? string.Empty;
    }

    /// <summary>A truth value.</summary>
    public bool Flag(string field, bool defaultValue = false)
    {
        var value = Value(field);
        if (value.ValueKind is JsonValueKind.Undefined)
            return defaultValue;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fault(field, "true or false");
        return value.ValueKind is JsonValueKind.True;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Number(string field, int defaultValue, int min, int max)
    {
        var value = Value(field);
        if (value.ValueKind is JsonValueKind.Undefined)
            return defaultValue;
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;

        Fault(field, $"a whole number from {min} to {max}");
        return defaultValue;
    }

    /// <summary>A number of seconds; zero when it is absent.</summary>
    public TimeSpan Seconds(string field, TimeSpan max)
    {
        var value = Value(field);
        if (value.ValueKind is JsonValueKind.Undefined)
            return TimeSpan.Zero;
        if (value.ValueKind is JsonValueKind.Number
            && value.TryGetDouble(out var seconds)
            && seconds >= 0 && seconds <= max.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Fault(field, $"a number of seconds from 0 to {max.TotalSeconds:F0}");
        return TimeSpan.Zero;
    }

    /// <summary>A time in ISO 8601, in UTC unless it says otherwise; null when it is absent.</summary>
    public DateTimeOffset? Time(string field)
    {
        if (Text(field) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time.ToUniversalTime();

        Fault(field, "a time such as 2026-03-01T12:00:00Z");
        return null;
    }

    /// <summary>One of the names of an enumeration.</summary>
    /// <param name="field">The field.</param>
    /// <param name="defaultValue">What is meant when it is absent.</param>
    /// <param name="separator">What parts the words of a name.</param>
    public T Name<T>(string field, T defaultValue, char separator = '-') where T : struct, Enum
    {
        if (!Has(field))
            return defaultValue;
        if (Value(field).ValueKind is JsonValueKind.String
            && JsonNames.TryRead<T>(Text(field)!.Replace(separator, '-'), out var value)) // A text, as just seen.
        {
            return value;
        }

        Fault(field, $"one of {string.Join(", ", JsonNames.All<T>().Select(name => name.Replace('-', separator)))}");
        return defaultValue;
    }

    /// <summary>One of the names of an enumeration, or a list of them; empty when it is absent.</summary>
    public ImmutableArray<T> Names<T>(string field) where T : struct, Enum
    {
        var texts = Texts(field);
        if (texts.All(text => JsonNames.TryRead<T>(text, out _)))
            return [.. texts.Select(text => JsonNames.TryRead<T>(text, out var value) ? value : default)];

        Fault(field, $"one or a list of {string.Join(", ", JsonNames.All<T>())}");
        return [];
    }

    /// <summary>An object, or undefined when it is absent.</summary>
    public JsonElement Object(string field) => Optional(field, JsonValueKind.Object, "an object") ?? default;

    /// <summary>An object as a map; empty when it is absent.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Map(string field) =>
        Object(field) is { ValueKind: JsonValueKind.Object } map ? JsonMaps.Read(map) : JsonMaps.Empty;

    /// <summary>Metadata, within its limit; empty when it is absent.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata()
    {
        var metadata = Map("metadata");
        if (!metadata.IsEmpty && Encoding.UTF8.GetByteCount(Value("metadata").GetRawText()) > _limits.MaxMetadataBytes)
            Fault("metadata", $"an object of at most {_limits.MaxMetadataBytes} bytes");
        return metadata;
    }

    /// <summary>Notes when values bring more messages than may come at once.</summary>
    /// <param name="field">The field that they are in.</param>
    /// <param name="values">The values, in any form; undefined for none.</param>
    public void CheckMessages(string field, JsonElement values)
    {
        var lists = values.ValueKind is JsonValueKind.Object
            ? values.EnumerateObject().Select(property => (Field: $"{field}.{property.Name}", property.Value))
            : [(field, values)];
        foreach (var (name, list) in lists)
        {
            if (list.ValueKind is JsonValueKind.Array && list.GetArrayLength() > _limits.MaxMessages)
                Fault(name, $"at most {_limits.MaxMessages} messages");
        }
    }

    /// <summary>A text, or a list of them; empty when it is absent.</summary>
    public ImmutableArray<string> Texts(string field)
    {
        var value = Value(field);
        if (value.ValueKind is JsonValueKind.Undefined)
            return [];
        if (value.ValueKind is JsonValueKind.String)
            return [value.GetString()!]; // A JSON string is never null.
        if (value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)]; // As above.

        Fault(field, "a text or a list of texts");
        return [];
    }

    /// <summary>A list of the ids of runs; empty when it is absent.</summary>
    public ImmutableArray<RunId> Runs(string field) => [.. Uuids(field).Select(id => new RunId(id))];

    /// <summary>A list of UUIDs; empty when it is absent.</summary>
    public ImmutableArray<Guid> Uuids(string field)
    {
        var texts = Texts(field);
        if (texts.All(text => Guid.TryParseExact(text, "D", out _)))
            return [.. texts.Select(text => Guid.ParseExact(text, "D"))];

        Fault(field, "a list of UUIDs");
        return [];
    }

    private JsonElement? Optional(string field, JsonValueKind kind, string expected)
    {
        var value = Value(field);
        if (value.ValueKind is JsonValueKind.Undefined)
            return null;
        if (value.ValueKind == kind)
            return value;

        Fault(field, expected);
        return null;
    }
}
