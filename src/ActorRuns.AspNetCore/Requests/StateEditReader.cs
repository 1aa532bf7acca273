using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads changes of a thread's state.</summary>
internal static class StateEditReader
{
    /// <summary>Reads one change: its values are an object, a list of objects, or nothing.</summary>
    public static StateEdit Read(BodyReader body, JsonElement values, string? asNode)
    {
        body.CheckMessages("values", values);
        IReadOnlyList<JsonElement> written = values.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => [],
            JsonValueKind.Array => [.. values.EnumerateArray()],
            _ => [values],
        };
        if (written.Any(value => value.ValueKind is not JsonValueKind.Object))
            body.Fault("values", "an object, a list of objects, or null");
        return new StateEdit([.. written], asNode);
    }

    /// <summary>Reads the past that a thread begins with: <c>supersteps</c>, each with its <c>updates</c>.</summary>
    public static ImmutableArray<StateEdit> ReadPast(BodyReader body)
    {
        var past = ImmutableArray.CreateBuilder<StateEdit>();
        var steps = body.Value("supersteps");
        if (steps.ValueKind is JsonValueKind.Undefined)
            return [];
        if (steps.ValueKind is not JsonValueKind.Array)
        {
            body.Fault("supersteps", "a list of steps with their updates");
            return [];
        }

        foreach (var update in steps.EnumerateArray().SelectMany(step => UpdatesOf(body, step)))
        {
            var node = update.TryGetProperty("as_node", out var named) && named.ValueKind is JsonValueKind.String
                ? named.GetString()
                : null;
            if (update.TryGetProperty("command", out var command) && command.ValueKind is not JsonValueKind.Null)
                body.Fault("supersteps", "updates without a command: this version does not serve it");
            past.Add(Read(body, update.TryGetProperty("values", out var values) ? values : default, node));
        }

        return past.ToImmutable();
    }

    private static IEnumerable<JsonElement> UpdatesOf(BodyReader body, JsonElement step)
    {
        if (step.ValueKind is JsonValueKind.Object
            && step.TryGetProperty("updates", out var updates)
            && updates.ValueKind is JsonValueKind.Array
            && updates.EnumerateArray().All(update => update.ValueKind is JsonValueKind.Object))
        {
            return updates.EnumerateArray();
        }

        body.Fault("supersteps", "a list of steps with their updates");
        return [];
    }
}
