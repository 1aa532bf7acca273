using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Client;

/// <summary>Reads problem documents (RFC 9457), and whatever else stands where one was expected.</summary>
internal static class ProblemJson
{
    /// <summary>The exception that a refused request ends with.</summary>
    public static ThreadsException Read(int status, string body)
    {
        var problem = Parse(body);
        var detail = problem.ValueKind is JsonValueKind.Object
            && problem.TryGetProperty("detail", out var told)
            && told.ValueKind is JsonValueKind.String
                ? told.GetString()! // A JSON string is never null.
                : $"The runtime answered {status}.";
        return status switch
        {
            404 => new NotFoundException(detail),
            409 => new ConflictException(detail),
            400 or 413 or 422 => new InvalidRequestException(detail, status, Errors(problem)),
            503 => new UnavailableException(detail),
            _ => new ThreadsException(detail, status),
        };
    }

    private static JsonElement Parse(string body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return default; // A proxy's page, or nothing: the status says what there is to say.
        }
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Errors(JsonElement problem)
    {
        var errors = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (problem.ValueKind is JsonValueKind.Object
            && problem.TryGetProperty("errors", out var fields)
            && fields.ValueKind is JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject().Where(field => field.Value.ValueKind is JsonValueKind.Array))
                errors[field.Name] = [.. field.Value.EnumerateArray().Select(expected => expected.ToString())];
        }

        return errors.ToImmutable();
    }
}
