using System.Collections.Immutable;

namespace Akka.Configuration.Hocon;

/// <summary>
/// A HOCON value. The first four kinds are what a <see cref="Config"/> is made of; the last three stand for what only
/// the end of the text can tell, and are gone once <see cref="HoconResolver"/> has been over the tree.
/// </summary>
internal abstract record HoconValue
{
    private HoconValue()
    {
    }

    /// <summary>Numbers, booleans and durations are texts too, until somebody asks for them as such.</summary>
    public sealed record Text(string Value) : HoconValue;

    public sealed record List(ImmutableArray<HoconValue> Items) : HoconValue;

    /// <summary>Members by key, in ordinal order: a key is found again whatever the text's order was.</summary>
    public sealed record Section(ImmutableSortedDictionary<string, HoconValue> Members) : HoconValue
    {
        public static Section Empty { get; } =
            new(ImmutableSortedDictionary.Create<string, HoconValue>(StringComparer.Ordinal));

        /// <summary>The section that has nothing but the value at the path.</summary>
        /// <param name="path">One key at least.</param>
        /// <param name="value">What is found at its end.</param>
        public static Section Of(ImmutableArray<string> path, HoconValue value)
        {
            var section = Empty.With(path[^1], value);
            for (var index = path.Length - 2; index >= 0; index--)
                section = Empty.With(path[index], section);
            return section;
        }

        /// <returns>Null where there is no value, or an explicit null.</returns>
        public HoconValue? Find(ImmutableArray<string> path)
        {
            HoconValue? value = this;
            foreach (var key in path)
                value = (value as Section)?.Members.GetValueOrDefault(key);
            return value is Null ? null : value;
        }

        /// <summary>All members of both; where both have one, this section's goes over the other's.</summary>
        public Section Over(Section lower)
        {
            var members = lower.Members.ToBuilder();
            foreach (var (key, value) in Members)
                members[key] = members.TryGetValue(key, out var hidden) ? value.Over(hidden) : value;
            return new Section(members.ToImmutable());
        }

        private Section With(string key, HoconValue value) => new(Members.SetItem(key, value));
    }

    /// <summary>No value, said on purpose: it hides what is below it and reads as missing.</summary>
    public sealed record Null : HoconValue
    {
        public static Null Instance { get; } = new();
    }

    /// <summary><c>${path}</c>, or <c>${?path}</c> when it is optional.</summary>
    public sealed record Reference(ImmutableArray<string> Path, bool IsOptional, int Line) : HoconValue
    {
        public override string ToString() => $"${{{(IsOptional ? "?" : "")}{string.Join('.', Path)}}}";
    }

    /// <summary>A text that is written in several parts.</summary>
    public sealed record Joined(ImmutableArray<HoconValue> Parts) : HoconValue;

    /// <summary>Two values for one path which are merged if both turn out to be sections.</summary>
    public sealed record Overlaid(HoconValue Upper, HoconValue Lower) : HoconValue;

    /// <summary>What two values for one path come to: sections merge, anything else replaces the lower one.</summary>
    public HoconValue Over(HoconValue lower) => (this, lower) switch
    {
        (Section mine, Section other) => mine.Over(other),
        (Section or Reference or Overlaid, Section or Reference or Overlaid) => new Overlaid(this, lower),
        _ => this,
    };
}
