using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// Writes the facts of threads, and snapshots of threads, as UTF-8 JSON. The manifest is the stored name and version of
/// the kind, never the name of a class, so that classes can be renamed and every journal ever written can be read.
/// </summary>
/// <param name="system">The system it serves.</param>
public sealed class ThreadEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The identifier in the journal's rows; it never changes.</summary>
    public const int StoredIdentifier = 8123;

    /// <inheritdoc />
    public override int Identifier => StoredIdentifier;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The object is neither a fact of a thread nor a snapshot.</exception>
    public override string Manifest(object o) => o switch
    {
        ThreadEvent fact => ThreadEventJson.ManifestOf(fact),
        LedgerSnapshot => LedgerSnapshotJson.Manifest,
        _ => throw NotOurs(o),
    };

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The object is neither a fact of a thread nor a snapshot.</exception>
    public override byte[] ToBinary(object obj) => obj switch
    {
        ThreadEvent fact => StateJson.Write(writer => ThreadEventJson.Write(writer, fact)),
        LedgerSnapshot snapshot => StateJson.Write(writer => LedgerSnapshotJson.Write(writer, snapshot)),
        _ => throw NotOurs(obj),
    };

    /// <summary>
    /// Reads a fact or a snapshot. What this build cannot read comes as <see cref="Unreadable"/>, so that the thread it
    /// belongs to learns the number of the fact, whichever journal it comes from.
    /// </summary>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var json = document.RootElement.Clone();
            return manifest is LedgerSnapshotJson.Manifest
                ? LedgerSnapshotJson.Read(json)
                : ThreadEventJson.Read(manifest, json);
        }
#pragma warning disable CA1031 // Damaged bytes fail in any way; the thread says what becomes of them.
        catch (Exception damage)
#pragma warning restore CA1031
        {
            return new Unreadable(manifest, damage.Message);
        }
    }

    private static ArgumentException NotOurs(object o) => new($"{o.GetType()} is no fact of a thread.", nameof(o));
}
