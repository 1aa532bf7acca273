using System.Collections.Immutable;

namespace Akka.Configuration.Hocon;

/// <summary>Puts values in the place of substitutions, wherever in the same text they are defined.</summary>
internal sealed class HoconResolver
{
    private readonly HoconValue.Section _root;

    /// <summary>The substitutions being followed: one that is met again inside itself has no end.</summary>
    private readonly HashSet<HoconValue.Reference> _following = new(ReferenceEqualityComparer.Instance);

    private HoconResolver(HoconValue.Section root) => _root = root;

    /// <returns>The same tree, of texts, lists, sections and nulls only.</returns>
    /// <exception cref="FormatException">
    /// A substitution has no value, refers to itself, or does not fit its place.
    /// </exception>
    public static HoconValue.Section Resolve(HoconValue.Section root) => new HoconResolver(root).ResolveMembers(root);

    private HoconValue Resolve(HoconValue value) => value switch
    {
        HoconValue.Section section => ResolveMembers(section),
        HoconValue.List list => ResolveItems(list),
        HoconValue.Reference reference => Follow(reference),
        HoconValue.Joined(var parts) => new HoconValue.Text(string.Concat(parts.Select(ResolvePart))),
        HoconValue.Overlaid overlaid => Merge(overlaid),
        _ => value,
    };

    private HoconValue.List ResolveItems(HoconValue.List list) =>
        new([.. list.Items.Select(Resolve).Where(item => item is not HoconValue.Null)]);

    private HoconValue.Section ResolveMembers(HoconValue.Section section) =>
        new(section.Members.ToImmutableSortedDictionary(
            member => member.Key, member => Resolve(member.Value), section.Members.KeyComparer));

    private HoconValue Merge(HoconValue.Overlaid overlaid)
    {
        var upper = Resolve(overlaid.Upper);
        return upper is HoconValue.Section ? upper.Over(Resolve(overlaid.Lower)) : upper;
    }

    private string ResolvePart(HoconValue part) => Resolve(part) switch
    {
        HoconValue.Text(var text) => text,
        HoconValue.Null => "",
        _ => throw HoconReader.Error(
            ((HoconValue.Reference)part).Line, $"{part} is not a text and cannot be a part of one"),
    };

    private HoconValue Follow(HoconValue.Reference reference)
    {
        if (!_following.Add(reference))
            throw HoconReader.Error(reference.Line, $"{reference} refers to itself");

        var value = Find(reference.Path);
        _following.Remove(reference);
        return value is HoconValue.Null && !reference.IsOptional
            ? throw HoconReader.Error(reference.Line, $"there is no value for {reference}")
            : value;
    }

    private HoconValue Find(ImmutableArray<string> path)
    {
        HoconValue value = _root;
        foreach (var key in path)
        {
            // Only the way to the value is resolved, so that members of one section may refer to each other.
            var section = (value as HoconValue.Section) ?? Resolve(value) as HoconValue.Section;
            if (section is null || !section.Members.TryGetValue(key, out var member))
                return HoconValue.Null.Instance;
            value = member;
        }

        return Resolve(value);
    }
}
