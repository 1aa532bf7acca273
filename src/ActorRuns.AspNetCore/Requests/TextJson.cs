using System.Text.Json.Serialization;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Makes JSON of plain values, without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
