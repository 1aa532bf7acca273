using System.Collections.Immutable;

namespace ActorRuns.Store;

/// <summary>What namespaces to list: those that have items, in the order of their labels.</summary>
public sealed record NamespaceQuery
{
    private const string AnyLabel = "*";

    /// <summary>The labels that they begin with; <c>*</c> stands for any one.</summary>
    public ImmutableArray<string> Prefix { get; init; } = [];

    /// <summary>The labels that they end with; <c>*</c> stands for any one.</summary>
    public ImmutableArray<string> Suffix { get; init; } = [];

    /// <summary>How many labels are shown of each, what is then the same once; null for all.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>How many are passed over.</summary>
    public int Offset { get; init; }

    /// <summary>How many are wanted.</summary>
    public required int Limit { get; init; }

    /// <summary>The page of these namespaces that is asked for.</summary>
    public ImmutableArray<ItemNamespace> Choose(IEnumerable<ItemNamespace> spaces) =>
    [
        .. spaces
            .Where(Matches)
            .Select(space => MaxDepth is { } depth ? space.Cut(depth) : space)
            .Distinct()
            .OrderBy(space => space.Path, StringComparer.Ordinal)
            .Skip(Offset)
            .Take(Limit),
    ];

    private bool Matches(ItemNamespace space)
    {
        var labels = space.Labels;
        return labels.Length >= Prefix.Length
            && labels.Length >= Suffix.Length
            && AreLike(labels.AsSpan(..Prefix.Length), Prefix)
            && AreLike(labels.AsSpan(^Suffix.Length..), Suffix);
    }

    private static bool AreLike(ReadOnlySpan<string> labels, ImmutableArray<string> pattern)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            if (pattern[i] is not AnyLabel && pattern[i] != labels[i])
                return false;
        }

        return true;
    }
}
