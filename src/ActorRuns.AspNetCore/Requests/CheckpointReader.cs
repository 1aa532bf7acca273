using System.Text.Json;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads checkpoints in every form that clients send: an id, a pointer with one, or a config with one.</summary>
internal static class CheckpointReader
{
    /// <summary>The checkpoint that a run is to go on from; null when none is named.</summary>
    public static CheckpointId? FromRun(BodyReader body) => Read(body, "checkpoint_id") ?? Read(body, "checkpoint");

    /// <summary>The checkpoint that a field names; null when it is absent or names none.</summary>
    public static CheckpointId? Read(BodyReader body, string field)
    {
        var value = body.Value(field);
        if (value.ValueKind is JsonValueKind.Object && value.TryGetProperty("configurable", out var configurable))
            value = configurable;
        if (value.ValueKind is JsonValueKind.Object)
            value = value.TryGetProperty("checkpoint_id", out var id) ? id : default;
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (value.ValueKind is JsonValueKind.String && CheckpointId.TryParse(value.GetString(), out var checkpoint))
            return checkpoint;

        body.Fault(field, "a checkpoint id, or an object with checkpoint_id");
        return null;
    }
}
