using ActorRuns.Assistants;
using ActorRuns.Graphs;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads what requests say of assistants.</summary>
internal static class AssistantReader
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    /// <summary>The id that a new assistant is to have; null when the server is to choose.</summary>
    public static AssistantId? NewId(BodyReader body)
    {
        if (body.Text("assistant_id") is not { } asked)
            return null;
        if (AssistantId.TryParse(asked, out var id))
            return id;

        body.Fault("assistant_id", "a UUID");
        return null;
    }

    /// <summary>What a new assistant or a new version of one says; what is absent or null is left as it is.</summary>
    public static AssistantPatch Patch(BodyReader body) => new()
    {
        GraphId = body.Text("graph_id") is { } graph ? new GraphId(graph) : null,
        Name = body.Text("name"),
        Description = body.Text("description"),
        Config = RunConfig.Read(body),
        Context = body.Value("context"),
        Metadata = body.Metadata(),
    };

    /// <summary>Which assistants are looked for.</summary>
    public static AssistantQuery Query(BodyReader body) => new()
    {
        GraphId = body.Text("graph_id") is { } graph ? new GraphId(graph) : null,
        Name = body.Text("name"),
        Metadata = body.Object("metadata"),
        OrderBy = body.Name("sort_by", AssistantOrder.CreatedAt, '_'),
        Ascending = body.Name("sort_order", SortOrder.Desc) is SortOrder.Asc,
        Offset = Offset(body),
        Limit = Limit(body),
    };

    /// <summary>How many are passed over.</summary>
    public static int Offset(BodyReader body) => body.Number("offset", defaultValue: 0, min: 0, int.MaxValue);

    /// <summary>How many are wanted.</summary>
    public static int Limit(BodyReader body) => body.Number("limit", DefaultLimit, min: 1, MaxLimit);
}
