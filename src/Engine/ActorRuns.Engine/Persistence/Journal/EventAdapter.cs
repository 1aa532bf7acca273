using System.Collections.Immutable;

namespace Akka.Persistence.Journal;

/// <summary>Turns events into what a journal stores.</summary>
public interface IWriteEventAdapter
{
    /// <summary>What is noted beside the event for its reader; empty for nothing.</summary>
    string Manifest(object evt);

    /// <summary>What is stored in the place of the event; a <see cref="Tagged"/> to give it tags.</summary>
    object ToJournal(object evt);
}

/// <summary>Turns what a journal stores into events.</summary>
public interface IReadEventAdapter
{
    /// <summary>The events in the place of what was stored: none, one or many.</summary>
    IEventSequence FromJournal(object evt, string manifest);
}

/// <summary>Turns events into what a journal stores, and back.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

/// <summary>What an adapter makes of one stored event.</summary>
public interface IEventSequence
{
    /// <summary>The events, in order.</summary>
    IEnumerable<object> Events { get; }
}

/// <summary>Makes sequences of events.</summary>
public sealed class EventSequence : IEventSequence
{
    /// <summary>No event.</summary>
    public static readonly IEventSequence Empty = new EventSequence([]);

    private EventSequence(object[] events) => Events = events;

    /// <inheritdoc/>
    public IEnumerable<object> Events { get; }

#pragma warning disable CA1720 // Akka.NET's name.
    /// <summary>One event.</summary>
    public static IEventSequence Single(object e) => new EventSequence([e]);
#pragma warning restore CA1720

    /// <summary>These events, in order.</summary>
    public static IEventSequence Create(params object[] events) => new EventSequence(events);

    /// <summary>These events, in order.</summary>
    public static IEventSequence Create(IEnumerable<object> events) => new EventSequence([.. events]);
}

/// <summary>An event with tags, as a write adapter gives it to the journal.</summary>
public sealed record Tagged
{
    /// <summary>Gives the event these tags.</summary>
    public Tagged(object payload, IEnumerable<string> tags) : this(payload, tags.ToImmutableHashSet())
    {
    }

    /// <summary>Gives the event these tags.</summary>
    public Tagged(object payload, IImmutableSet<string> tags)
    {
        Payload = payload;
        Tags = tags;
    }

    /// <summary>The event.</summary>
    public object Payload { get; }

    /// <summary>Its tags.</summary>
    public IImmutableSet<string> Tags { get; }
}
