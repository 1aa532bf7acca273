using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>
/// Turns objects into bytes and back. Configured by name, bound to types, known in stored data by its number.
/// </summary>
public abstract class Serializer
{
    private readonly Lazy<int> _identifier;

    /// <summary>A serializer of this system.</summary>
    protected Serializer(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
        _identifier = new Lazy<int>(() => IdentifierOf(GetType(), system.Settings.Config));
    }

    /// <summary>
    /// The number in stored data; from <c>akka.actor.serialization-identifiers</c> unless overridden.
    /// </summary>
    /// <exception cref="ConfigurationException">It is not configured.</exception>
    public virtual int Identifier => _identifier.Value;

    /// <summary>Whether bytes need the name of their type, or a manifest, to be read.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>The system it belongs to.</summary>
    protected ExtendedActorSystem System { get; }

    /// <summary>The bytes of an object.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>The object of bytes; the type may be null where no manifest is included.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);

    private static int IdentifierOf(Type type, Config config)
    {
        const string path = "akka.actor.serialization-identifiers";
        var identifiers = config.GetConfig(path);
        var name = identifiers.Keys.FirstOrDefault(key => TypeNames.Find(key) == type)
            ?? throw new ConfigurationException($"{path} has no number for {type}.");
        return identifiers.GetInt(Config.Quote(name));
    }
}

/// <summary>
/// A serializer that says in its own words what its bytes are, so that stored data need not know class names.
/// </summary>
public abstract class SerializerWithStringManifest : Serializer
{
    /// <summary>A serializer of this system.</summary>
    protected SerializerWithStringManifest(ExtendedActorSystem system) : base(system)
    {
    }

    /// <inheritdoc/>
    public sealed override bool IncludeManifest => true;

    /// <summary>Reads by the type's name as the manifest.</summary>
    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, TypeNames.Of(type));

    /// <summary>The object of bytes that were written with this manifest.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>What the bytes of this object are.</summary>
    public abstract string Manifest(object o);
}
