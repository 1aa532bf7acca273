using System.Runtime.InteropServices;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>An event with its place in a journal. It never changes; the methods make new ones.</summary>
public interface IPersistentRepresentation
{
    /// <summary>The event.</summary>
    object Payload { get; }

    /// <summary>What an event adapter noted beside the event; empty for nothing.</summary>
    string Manifest { get; }

    /// <summary>Whose event it is.</summary>
    string PersistenceId { get; }

    /// <summary>Its number among the events of the id, from 1.</summary>
    long SequenceNr { get; }

    /// <summary>Marks the instance of the actor that wrote it.</summary>
    string WriterGuid { get; }

    /// <summary>Whether it is marked as deleted.</summary>
    bool IsDeleted { get; }

    /// <summary>The sender of the command that persisted it; null when it was replayed.</summary>
    IActorRef? Sender { get; }

    /// <summary>The same with another event in it.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>The same with another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);
}

/// <summary>An event on its way to or from a journal.</summary>
/// <param name="Payload">The event.</param>
/// <param name="SequenceNr">Its number among the events of the id, from 1.</param>
/// <param name="PersistenceId">Whose event it is.</param>
/// <param name="Manifest">What an event adapter noted beside it; empty for nothing.</param>
/// <param name="IsDeleted">Whether it is marked as deleted.</param>
/// <param name="Sender">The sender of the command that persisted it; null when it was replayed.</param>
/// <param name="WriterGuid">Marks who wrote it; empty when that is not known.</param>
public sealed record Persistent(
    object Payload,
    long SequenceNr,
    string PersistenceId,
    string Manifest = "",
    bool IsDeleted = false,
    IActorRef? Sender = null,
    string WriterGuid = "") : IPersistentRepresentation
{
    /// <inheritdoc/>
    public IPersistentRepresentation WithPayload(object payload) => this with { Payload = payload };

    /// <inheritdoc/>
    public IPersistentRepresentation WithManifest(string manifest) => this with { Manifest = manifest };
}

/// <summary>Something that a persistent actor hands to its journal.</summary>
public interface IPersistentEnvelope
{
    /// <summary>What it carries.</summary>
    object Payload { get; }

    /// <summary>The sender of the command it comes from; null for none.</summary>
    IActorRef? Sender { get; }

    /// <summary>How many handlers it has.</summary>
    int Size { get; }
}

/// <summary>Takes its turn among the events of an actor but is not written.</summary>
/// <param name="Payload">What the handler gets.</param>
/// <param name="Sender">The sender of the command it comes from; null for none.</param>
internal sealed record NonPersistentMessage(object Payload, IActorRef? Sender) : IPersistentEnvelope
{
    public int Size => 1;
}

/// <summary>Events of one actor that are written all or not at all; their numbers follow each other.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IPersistentRepresentation[] _events;
    private object? _payload;

    internal AtomicWrite(params IPersistentRepresentation[] events) => _events = events;

    /// <summary>The events, as a list of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload => _payload ??= ImmutableCollectionsMarshal.AsImmutableArray(_events);

    /// <summary>Whose events they are.</summary>
    public string PersistenceId => _events[0].PersistenceId;

    /// <summary>The number of the first event.</summary>
    public long LowestSequenceNr => _events[0].SequenceNr;

    /// <summary>The number of the last event.</summary>
    public long HighestSequenceNr => _events[^1].SequenceNr;

    /// <inheritdoc/>
    public int Size => _events.Length;

    /// <inheritdoc/>
    public IActorRef? Sender => _events[0].Sender;

    /// <summary>The same list without a wrapper.</summary>
    internal IReadOnlyList<IPersistentRepresentation> Events => _events;
}
