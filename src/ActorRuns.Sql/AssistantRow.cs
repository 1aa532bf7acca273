using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Json;

namespace ActorRuns.Sql;

/// <summary>An assistant with its current version, or one version alone, as it stands in the tables.</summary>
internal sealed record AssistantRow
{
    /// <summary>Selects assistants <c>a</c> with their current versions <c>v</c>.</summary>
    public const string Select =
        """
        SELECT a.assistant_id AS AssistantId, a.created_at AS CreatedAt, a.updated_at AS UpdatedAt,
               v.version AS Version, v.graph_id AS GraphId, v.name AS Name, v.description AS Description,
               v.config AS Config, v.context AS Context, v.metadata AS Metadata, v.created_at AS VersionAt
        FROM assistant a
        JOIN assistant_version v ON v.assistant_id = a.assistant_id AND v.version = a.version
        """;

    public string AssistantId { get; init; } = "";

    public string CreatedAt { get; init; } = "";

    public string UpdatedAt { get; init; } = "";

    public int Version { get; init; }

    public string GraphId { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Description { get; init; }

    public string Config { get; init; } = "";

    public string Context { get; init; } = "";

    public string Metadata { get; init; } = "";

    public string VersionAt { get; init; } = "";

    /// <summary>The assistant.</summary>
    /// <exception cref="FormatException">The table holds an id or a time that is none.</exception>
    public Assistant ToAssistant(SqlDatabase database) => Assistants.AssistantId.TryParse(AssistantId, out var id)
        ? new Assistant(id, ToVersion(database), SqlTime.Read(CreatedAt), SqlTime.Read(UpdatedAt))
        : throw new FormatException($"The table of assistants holds '{AssistantId}', which is no assistant id.");

    /// <summary>The version.</summary>
    /// <exception cref="FormatException">The table holds a time that is none.</exception>
    public AssistantVersion ToVersion(SqlDatabase database) => new()
    {
        Number = Version,
        GraphId = new GraphId(database.Original(GraphId)),
        Name = database.Original(Name),
        Description = Description is { } description ? database.Original(description) : null,
        Config = JsonElement.Parse(Config),
        Context = JsonElement.Parse(Context),
        Metadata = JsonMaps.Read(JsonElement.Parse(Metadata)),
        CreatedAt = SqlTime.Read(VersionAt),
    };
}
