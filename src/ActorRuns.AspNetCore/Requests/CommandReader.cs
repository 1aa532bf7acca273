using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Runs;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads what a graph is told to do instead of taking an input.</summary>
internal static class CommandReader
{
    /// <summary>Reads a command; null when there is none. What is wrong with it is a fault of the body.</summary>
    public static GraphCommand? Read(BodyReader body, JsonElement command)
    {
        if (command.ValueKind is not JsonValueKind.Object)
            return null;

        command.TryGetProperty("resume", out var resume);
        var (nodes, sends) = ReadGoto(command, body);
        return new GraphCommand(resume, ReadUpdate(command, body), nodes) { Sends = sends };
    }

    /// <summary>Where to go on: names of nodes, and nodes with an input of their own.</summary>
    private static (ImmutableArray<string> Nodes, ImmutableArray<Send> Sends) ReadGoto(
        JsonElement command, BodyReader body)
    {
        if (!command.TryGetProperty("goto", out var target) || target.ValueKind is JsonValueKind.Null)
            return ([], []);

        var targets = target.ValueKind is JsonValueKind.Array ? target.EnumerateArray().ToList() : [target];
        var sends = targets.Select(SendOf).OfType<Send>().ToImmutableArray();
        var nodes = targets.Where(node => node.ValueKind is JsonValueKind.String)
            .Select(node => node.GetString()!) // A JSON string is never null.
            .ToImmutableArray();
        if (nodes.Length + sends.Length != targets.Count)
            body.Fault("command.goto", "the name of a node, an object with node and input, or a list of those");
        return (nodes, sends);
    }

    private static Send? SendOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty("node", out var node) && node.ValueKind is JsonValueKind.String
        && element.TryGetProperty("input", out var input)
            ? new Send(node.GetString()!, input)
            : null;

    /// <summary>An update is an object, or a list of pairs of a key and a value.</summary>
    private static JsonElement ReadUpdate(JsonElement command, BodyReader body)
    {
        if (!command.TryGetProperty("update", out var update) || update.ValueKind is JsonValueKind.Null)
            return default;
        body.CheckMessages("command.update", update);
        if (update.ValueKind is JsonValueKind.Object)
            return update;

        if (update.ValueKind is not JsonValueKind.Array || !update.EnumerateArray().All(IsPair))
        {
            body.Fault("command.update", "an object, or a list of [key, value]");
            return default;
        }

        return JsonElement.Parse(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var pair in update.EnumerateArray())
            {
                writer.WritePropertyName(pair[0].GetString()!); // Checked as a pair above.
                pair[1].WriteTo(writer);
            }

            writer.WriteEndObject();
        }));
    }

    private static bool IsPair(JsonElement pair) =>
        pair.ValueKind is JsonValueKind.Array
        && pair.GetArrayLength() is 2
        && pair[0].ValueKind is JsonValueKind.String;
}
