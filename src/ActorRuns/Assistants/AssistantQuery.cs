using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;

namespace ActorRuns.Assistants;

/// <summary>What assistants to find by their current versions, and in which order.</summary>
public sealed record AssistantQuery
{
    /// <summary>The graph they configure; null for any.</summary>
    public GraphId? GraphId { get; init; }

    /// <summary>What their name contains, in upper or lower case; null for anything.</summary>
    public string? Name { get; init; }

    /// <summary>What their metadata must contain, at any depth; undefined for anything.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>What they are sorted by.</summary>
    public AssistantOrder OrderBy { get; init; } = AssistantOrder.CreatedAt;

    /// <summary>True for the smallest or oldest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>How many matches are passed over.</summary>
    public int Offset { get; init; }

    /// <summary>How many matches are wanted.</summary>
    public required int Limit { get; init; }

    /// <summary>True for an assistant that is to be found.</summary>
    public bool Matches(Assistant assistant) =>
        (GraphId is null || assistant.GraphId == GraphId)
        && (Name is null || assistant.Name.Contains(Name, StringComparison.OrdinalIgnoreCase))
        && JsonContainment.Contains(assistant.Metadata, Metadata);

    /// <summary>Puts assistants into the order that is asked for.</summary>
    public IEnumerable<Assistant> Sort(IEnumerable<Assistant> assistants)
    {
        var ascending = OrderBy switch
        {
            AssistantOrder.CreatedAt => assistants.OrderBy(assistant => assistant.CreatedAt),
            AssistantOrder.UpdatedAt => assistants.OrderBy(assistant => assistant.UpdatedAt),
            AssistantOrder.GraphId => assistants.OrderBy(assistant => assistant.GraphId.Value, StringComparer.Ordinal),
            AssistantOrder.Name => assistants.OrderBy(assistant => assistant.Name, StringComparer.Ordinal),
            _ => assistants.OrderBy(assistant => $"{assistant.Id}", StringComparer.Ordinal),
        };

        // Ids settle what is otherwise equal, so that pages do not overlap.
        var settled = ascending.ThenBy(assistant => $"{assistant.Id}", StringComparer.Ordinal);
        return Ascending ? settled : settled.Reverse();
    }
}

/// <summary>What assistants can be sorted by.</summary>
public enum AssistantOrder
{
    /// <summary>When they were created.</summary>
    CreatedAt,

    /// <summary>When they last got another current version.</summary>
    UpdatedAt,

    /// <summary>Their ids.</summary>
    AssistantId,

    /// <summary>The names of their graphs.</summary>
    GraphId,

    /// <summary>Their own names.</summary>
    Name,
}

/// <summary>The assistants that were found.</summary>
/// <param name="Assistants">The page that was asked for.</param>
/// <param name="Total">How many match in all.</param>
public sealed record AssistantPage(ImmutableArray<Assistant> Assistants, int Total);
