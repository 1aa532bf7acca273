using System.Collections.Immutable;

namespace ActorRuns.AspNetCore.Descriptions;

/// <summary>What is said of a route beside what the route itself says.</summary>
/// <param name="Tag">The resource that it belongs to.</param>
/// <param name="Summary">What it does.</param>
internal sealed record RouteText(string Tag, string Summary)
{
    /// <summary>The schema of the body; null when it takes none.</summary>
    public string? Body { get; init; }

    /// <summary>The status of a success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The schema of the answer, a list of it after <c>[]</c>; null for none, or what is not JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>The content type of an answer that is not JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>The options of the query, each with its type.</summary>
    public ImmutableArray<(string Name, string Type)> Query { get; init; } = [];
}
