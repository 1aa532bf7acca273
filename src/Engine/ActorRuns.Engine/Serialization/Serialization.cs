using System.Collections.Concurrent;
using System.Collections.Frozen;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>
/// The serializers of one system. A binding holds for all that is assignable to its type; of several the one to the
/// most special type is taken.
/// </summary>
public sealed class Serialization
{
    private readonly FrozenDictionary<string, Serializer> _byName;
    private readonly FrozenDictionary<int, Serializer> _byIdentifier;
    private readonly IReadOnlyList<(Type Type, Serializer Serializer)> _bindings;
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();

    /// <summary>
    /// Reads <c>serializers</c>, <c>serialization-bindings</c> and <c>-identifiers</c> at <c>akka.actor</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">They do not fit together.</exception>
    public Serialization(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
        var config = system.Settings.Config;
        _byName = Texts(config.GetConfig("akka.actor.serializers"))
            .ToFrozenDictionary(entry => entry.Key, entry => NewSerializer(entry.Key, entry.Value));
        _byIdentifier = _byName.Values.DistinctBy(serializer => serializer.Identifier)
            .ToFrozenDictionary(serializer => serializer.Identifier);
        _bindings = [.. Texts(config.GetConfig("akka.actor.serialization-bindings")).Select(Binding)];
    }

    /// <summary>The system they belong to.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>What a stored object needs beside its bytes; empty for a serializer that needs nothing.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest withManifest => withManifest.Manifest(msg),
        { IncludeManifest: true } => TypeNames.Of(msg.GetType()),
        _ => string.Empty,
    };

    /// <summary>The bytes that the object's serializer makes.</summary>
    public byte[] Serialize(object o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return FindSerializerFor(o).ToBinary(o);
    }

    /// <summary>The object of stored bytes.</summary>
    /// <param name="bytes">What the serializer made.</param>
    /// <param name="serializerId">Its identifier.</param>
    /// <param name="manifest">What it said they are; empty where it says nothing.</param>
    /// <exception cref="ConfigurationException">No serializer has the identifier, or there is no such type.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = GetSerializerById(serializerId);
        if (serializer is SerializerWithStringManifest withManifest)
            return withManifest.FromBinary(bytes, manifest);
        return serializer.FromBinary(
            bytes,
            string.IsNullOrEmpty(manifest) ? typeof(object) : TypeNames.Require(manifest, "The type of stored data"));
    }

    /// <summary>The object of stored bytes whose type is known.</summary>
    /// <exception cref="ConfigurationException">No serializer has the identifier.</exception>
    public object Deserialize(byte[] bytes, int serializerId, Type type) =>
        GetSerializerById(serializerId).FromBinary(bytes, type);

    /// <summary>The serializer for an object.</summary>
    /// <param name="obj">What is to be written.</param>
    /// <param name="defaultSerializerName">Used where nothing but the default for all objects is bound.</param>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return FindSerializerForType(obj.GetType(), defaultSerializerName);
    }

    /// <summary>The serializer for a type.</summary>
    /// <param name="objectType">The type of what is to be written.</param>
    /// <param name="defaultSerializerName">Used where nothing but the default for all objects is bound.</param>
    /// <exception cref="ConfigurationException">There is no serializer of that name.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        var found = _found.GetOrAdd(objectType, Bound);
        return defaultSerializerName is null || IsBoundSpecially(objectType) ? found : Named(defaultSerializerName);
    }

    /// <summary>The serializer with this identifier.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public Serializer GetSerializerById(int serializerId) =>
        _byIdentifier.GetValueOrDefault(serializerId) ?? throw new ConfigurationException(
            $"No serializer has the identifier {serializerId}; see akka.actor.serialization-identifiers.");

    private bool IsBoundSpecially(Type type) =>
        _bindings.Any(binding => binding.Type != typeof(object) && binding.Type.IsAssignableFrom(type));

    private Serializer Bound(Type type)
    {
        (Type Type, Serializer Serializer)? best = null;
        foreach (var binding in _bindings.Where(binding => binding.Type.IsAssignableFrom(type)))
        {
            if (best is null || best.Value.Type.IsAssignableFrom(binding.Type))
                best = binding;
        }

        return best?.Serializer
            ?? throw new ConfigurationException($"No serializer is bound to {type} or to anything it derives from.");
    }

    private Serializer Named(string name) => _byName.GetValueOrDefault(name)
        ?? throw new ConfigurationException($"akka.actor.serializers has no '{name}'.");

    private (Type Type, Serializer Serializer) Binding(KeyValuePair<string, string> entry) =>
        (TypeNames.Require(entry.Key, "A type in akka.actor.serialization-bindings"), Named(entry.Value));

    private Serializer NewSerializer(string name, string className)
    {
        var type = TypeNames.Require(className, $"The serializer '{name}' in akka.actor.serializers");
        return (Serializer)Activator.CreateInstance(type, System)!; // Null only for Nullable<T>.
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts(Config config) =>
        config.Keys.Select(key => KeyValuePair.Create(key, config.GetString(Config.Quote(key), "")));
}
