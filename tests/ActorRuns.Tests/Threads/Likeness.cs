using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;

namespace ActorRuns.Tests.Threads;

/// <summary>
/// Everything that can be seen of a value, as text: the equality of records does not look into their collections.
/// </summary>
internal static class Likeness
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("none");
                break;
            case JsonElement json:
                text.Append(json.ValueKind is JsonValueKind.Undefined ? "undefined" : json.GetRawText());
                break;
            case string or Enum or Guid or bool:
                text.Append(value);
                break;
            case DateTimeOffset time:
                text.Append(time.UtcTicks);
                break;
            case IFormattable number when value.GetType().IsPrimitive || value is TimeSpan:
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            case Transcript transcript:
                Write(text, transcript.Messages);
                break;
            case IEnumerable many:
                WriteAll(text, many);
                break;
            default:
                WriteProperties(text, value);
                break;
        }
    }

    private static void WriteAll(StringBuilder text, IEnumerable many)
    {
        var isOrdered = many is not (IDictionary or RunTable or IImmutableSet<RunId>);
        var items = many.Cast<object?>().Select(Of);
        text.Append('[').AppendJoin(", ", isOrdered ? items : items.Order(StringComparer.Ordinal)).Append(']');
    }

    private static void WriteProperties(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters() is []))
        {
            text.Append(property.Name).Append('=');
            Write(text, property.GetValue(value));
            text.Append("; ");
        }

        text.Append('}');
    }
}
