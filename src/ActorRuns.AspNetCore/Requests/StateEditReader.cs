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

        foreach (var step in steps.EnumerateArray())
        {
            // The updates of one step make one revision, as if their nodes had run side by side.
            if (UpdatesOf(body, step).Select(update => ReadUpdate(body, update)).ToList() is [var first, .. var others])
                past.Add(first with { Beside = [.. others] });
        }

        return past.ToImmutable();
    }

    private static StateEdit ReadUpdate(BodyReader body, JsonElement update)
    {
        var node = update.TryGetProperty("as_node", out var named) && named.ValueKind is JsonValueKind.String
            ? named.GetString()
            : null;
        if (!update.TryGetProperty("command", out var told) || told.ValueKind is JsonValueKind.Null)
            return Read(body, update.TryGetProperty("values", out var values) ? values : default, node);

        if (CommandReader.Read(body, told) is not { Resumes: false } command)
        {
            body.Fault("supersteps", "commands that are objects, without resume: in a past nobody is asked");
            return new StateEdit([], node);
        }

        return Read(body, command.Update, node) with { Goto = command.Goto, Sends = command.Sends };
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
