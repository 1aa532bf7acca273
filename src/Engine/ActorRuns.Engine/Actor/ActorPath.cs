using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in its system's tree. Paths are equal when they name the same place; which life of an actor
/// under that name is meant says <see cref="Uid"/>, and equality ignores it.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>The <see cref="Uid"/> of a path that does not say which life it means.</summary>
    internal const long UndefinedUid = 0;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\"-_.*$+:@&=,!~';()");

    private protected ActorPath(string name, long uid, int hash)
    {
        Name = name;
        Uid = uid;
        Hash = hash;
    }

    /// <summary>The last element; empty for the root.</summary>
    public string Name { get; }

    /// <summary>Tells the lives of actors under one path apart; 0 where none is meant.</summary>
    public long Uid { get; }

    /// <summary>The path above; the root is its own parent.</summary>
    public abstract ActorPath Parent { get; }

    /// <summary>The root of the tree.</summary>
    public abstract RootActorPath Root { get; }

    /// <summary>The system the path belongs to.</summary>
    public Address Address => Root.RootAddress;

    /// <summary>The names from below the root to this path's own.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var index = elements.Length - 1; index >= 0; index--, path = path.Parent)
                elements[index] = path.Name;
            return elements;
        }
    }

    internal abstract int Depth { get; }

    private protected int Hash { get; }

    /// <summary>The path of this name below the other.</summary>
    public static ActorPath operator /(ActorPath path, string name) => new ChildActorPath(path, name, UndefinedUid);

    /// <summary>The path that several names lead to, one after the other.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> names) =>
        names.Aggregate(path, (parent, name) => parent / name);

    /// <summary>Whether both name the same place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    /// <summary>Whether they name different places.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>
    /// Whether a text can be the name of an actor: not empty, no leading <c>$</c>, only permitted characters.
    /// </summary>
    public static bool IsValidPathElement(string name)
    {
        if (string.IsNullOrEmpty(name) || name[0] == '$')
            return false;
        for (var index = 0; index < name.Length; index++)
        {
            if (NameCharacters.Contains(name[index]))
                continue;
            var isEscape = name[index] == '%' && index + 2 < name.Length
                && char.IsAsciiHexDigit(name[index + 1]) && char.IsAsciiHexDigit(name[index + 2]);
            if (!isEscape)
                return false;
        }

        return true;
    }

    /// <summary>Reads a whole path, such as <c>akka://system/user/name</c>.</summary>
    /// <exception cref="UriFormatException">The text is no path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var result) ? result : throw new UriFormatException($"'{path}' is no actor path.");

    /// <summary>Reads a whole path; false when the text is none.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return false;
        var names = path[(scheme + 3)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
            return false;
        actorPath = new RootActorPath(new Address(path[..scheme], names[0])) / names.Skip(1);
        return true;
    }

    /// <summary>The same place in the life of this number.</summary>
    public abstract ActorPath WithUid(long uid);

    /// <summary>The path as it is read from below the root: <c>/user/name</c>.</summary>
    public string ToStringWithoutAddress() => Depth == 0 ? "/" : string.Concat("/", string.Join('/', Elements));

    /// <summary>The path with its life: <c>akka://system/user/name#42</c>.</summary>
    public string ToStringWithUid() => Uid == UndefinedUid ? ToString() : $"{this}#{Uid}";

    /// <summary>The whole path: <c>akka://system/user/name</c>.</summary>
    public override string ToString() => string.Concat(Address.ToString(), ToStringWithoutAddress());

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || Hash != other.Hash || Depth != other.Depth)
            return false;
        if (Depth == 0)
            return Address == other.Address;
        return Name == other.Name && Parent.Equals(other.Parent);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash;

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());
}

/// <summary>The path above all others of one system.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>The root of the system with this address.</summary>
    public RootActorPath(Address address) : base("", UndefinedUid, address.GetHashCode()) => RootAddress = address;

    /// <inheritdoc/>
    public override ActorPath Parent => this;

    /// <inheritdoc/>
    public override RootActorPath Root => this;

    internal Address RootAddress { get; }

    internal override int Depth => 0;

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => this;
}

/// <summary>A path below another one.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>The path of this name below the parent, for one life or, with 0, for any.</summary>
    public ChildActorPath(ActorPath parent, string name, long uid)
        : base(name, uid, HashCode.Combine(parent.GetHashCode(), name)) => Parent = parent;

    /// <inheritdoc/>
    public override ActorPath Parent { get; }

    /// <inheritdoc/>
    public override RootActorPath Root
    {
        get
        {
            var path = Parent;
            while (path is ChildActorPath child)
                path = child.Parent;
            return (RootActorPath)path;
        }
    }

    internal override int Depth
    {
        get
        {
            var depth = 1;
            for (var path = Parent; path is ChildActorPath child; path = child.Parent)
                depth++;
            return depth;
        }
    }

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(Parent, Name, uid);
}
