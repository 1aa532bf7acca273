using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// What a content of Microsoft.Extensions.AI was made from; as its <see cref="AIContent.RawRepresentation"/> it lets
/// the way back restore it exactly. Whoever wants to change such a content makes a new one.
/// </summary>
/// <param name="Json">The JSON as it came.</param>
internal sealed record KeptJson(JsonElement Json)
{
    /// <summary>How values are written that have no form of their own: as the clients do, but on one line.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>The value as JSON; what has no JSON form, as the text of its name.</summary>
    public static JsonElement Of<T>(T value)
    {
        if (value is JsonElement { ValueKind: not JsonValueKind.Undefined } element)
            return element;

        try
        {
            return JsonSerializer.SerializeToElement(value, Options);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException)
        {
            return JsonSerializer.SerializeToElement(value?.ToString());
        }
    }
}
