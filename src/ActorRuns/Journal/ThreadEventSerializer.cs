using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// Writes the facts of threads as UTF-8 JSON. The manifest is the stored name and version of the kind, never the name
/// of a class, so that classes can be renamed and every journal ever written can be read.
/// </summary>
/// <param name="system">The system it serves.</param>
public sealed class ThreadEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The identifier in the journal's rows; it never changes.</summary>
    public const int StoredIdentifier = 8123;

    /// <inheritdoc />
    public override int Identifier => StoredIdentifier;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The object is no fact of a thread.</exception>
    public override string Manifest(object o) => ThreadEventJson.ManifestOf(Fact(o));

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The object is no fact of a thread.</exception>
    public override byte[] ToBinary(object obj) =>
        StateJson.Write(writer => ThreadEventJson.Write(writer, Fact(obj)));

    /// <inheritdoc />
    /// <exception cref="JsonException">The bytes are no fact of this kind, or the kind is not known to this build.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        using var document = JsonDocument.Parse(bytes);
        return ThreadEventJson.Read(manifest, document.RootElement.Clone());
    }

    private static ThreadEvent Fact(object o) =>
        o as ThreadEvent ?? throw new ArgumentException($"{o.GetType()} is no fact of a thread.", nameof(o));
}
