using System.Collections.Immutable;

namespace ActorRuns.Store;

/// <summary>
/// Where items are kept: labels from the widest to the narrowest. A label is a text that is not empty and has no
/// period, so that the labels with periods between them name one place only.
/// </summary>
public readonly record struct ItemNamespace
{
    private readonly string? _path;

    private ItemNamespace(string path) => _path = path;

    /// <summary>The namespace without labels: nothing can be kept in it, and every other one is within it.</summary>
    public static ItemNamespace Root => default;

    /// <summary>The labels with periods between them; empty for the root.</summary>
    public string Path => _path ?? string.Empty;

    /// <summary>True for the namespace without labels.</summary>
    public bool IsRoot => Path.Length is 0;

    /// <summary>The labels.</summary>
    public ImmutableArray<string> Labels => IsRoot ? [] : [.. Path.Split('.')];

    /// <summary>Makes a namespace of labels; false when one of them is none.</summary>
    public static bool TryCreate(IReadOnlyCollection<string> labels, out ItemNamespace space)
    {
        var areLabels = labels.All(label => label.Length > 0 && !label.Contains('.', StringComparison.Ordinal));
        space = areLabels ? new ItemNamespace(string.Join('.', labels)) : Root;
        return areLabels;
    }

    /// <summary>True for the same namespace, and for one with more labels behind the same ones.</summary>
    public bool IsWithin(ItemNamespace other) =>
        other.IsRoot
        || Path == other.Path
        || (Path.StartsWith(other.Path, StringComparison.Ordinal) && Path[other.Path.Length] is '.');

    /// <summary>The namespace with only so many of the first labels.</summary>
    public ItemNamespace Cut(int depth) => new(string.Join('.', Labels.Take(depth)));

    /// <summary>The labels with periods between them.</summary>
    public override string ToString() => Path;
}
