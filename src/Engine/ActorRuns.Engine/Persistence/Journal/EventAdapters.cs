using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Persistence.Journal;

/// <summary>
/// The event adapters of one journal. The adapter bound to an event's own type is used, or else to the most derived of
/// its base types and interfaces; an event without one is stored as it is.
/// </summary>
internal sealed class EventAdapters
{
    private readonly ConcurrentDictionary<Type, Adapter> _byType = new();
    private readonly List<(Type Type, Adapter Adapter)> _bindings;

    private EventAdapters(List<(Type, Adapter)> bindings) => _bindings = bindings;

    /// <summary>Reads <c>event-adapters</c> and <c>event-adapter-bindings</c> of a journal's section.</summary>
    /// <exception cref="ConfigurationException">
    /// A type or an adapter that is named is not there, or is no adapter.
    /// </exception>
    public static EventAdapters Create(ExtendedActorSystem system, string journal, Config config)
    {
        var section = config.GetConfig("event-adapters");
        var adapters = section.Keys.ToDictionary(
            name => name,
            name => Instantiate(
                system, $"{journal}.event-adapters.{name}", section.GetString(Config.Quote(name))!)); // A key of it.

        var bindings = config.GetConfig("event-adapter-bindings");
        return new EventAdapters(
        [
            .. from type in bindings.Keys
               let names = bindings.GetTexts(Config.Quote(type))
               where names.Count > 0
               select (
                   TypeNames.Require(type, $"A key of {journal}.event-adapter-bindings"),
                   Adapter.Of([.. names.Select(Named)])),
        ]);

        Adapter Named(string name) => adapters.GetValueOrDefault(name) ?? throw new ConfigurationException(
            $"{journal}.event-adapter-bindings names the event adapter '{name}', but there is none.");
    }

    /// <summary>The event as the journal stores it.</summary>
    public IPersistentRepresentation ToJournal(IPersistentRepresentation e)
    {
        if (_bindings.Count == 0 || For(e.Payload).Write is not { } adapter)
            return e;
        return e.WithPayload(adapter.ToJournal(e.Payload)).WithManifest(adapter.Manifest(e.Payload));
    }

    /// <summary>Hands over what is to be recovered in the place of a stored event.</summary>
    public void FromJournal(IPersistentRepresentation e, Action<IPersistentRepresentation> handle)
    {
        if (_bindings.Count == 0 || For(e.Payload).Read is not { } adapter)
        {
            handle(e);
            return;
        }

        foreach (var payload in adapter.FromJournal(e.Payload, e.Manifest).Events)
            handle(e.WithPayload(payload));
    }

    private static Adapter Instantiate(ExtendedActorSystem system, string key, string className)
    {
        var type = TypeNames.Require(className, key);
        var instance = type.GetConstructor([typeof(ExtendedActorSystem)]) is { } constructor
            ? constructor.Invoke([system])
            : Activator.CreateInstance(type);
        return instance is IWriteEventAdapter or IReadEventAdapter
            ? new Adapter(instance as IWriteEventAdapter, instance as IReadEventAdapter)
            : throw new ConfigurationException(
                $"{key} is '{className}', which is neither an {nameof(IWriteEventAdapter)} "
                + $"nor an {nameof(IReadEventAdapter)}.");
    }

    private static bool IsMoreSpecial(Type type, Type other) => type != other && other.IsAssignableFrom(type);

    private Adapter For(object payload) => _byType.GetOrAdd(payload.GetType(), MostSpecific);

    private Adapter MostSpecific(Type type)
    {
        var fitting = _bindings.Where(binding => binding.Type.IsAssignableFrom(type)).ToList();
        return fitting
            .Where(binding => fitting.TrueForAll(other => !IsMoreSpecial(other.Type, binding.Type)))
            .Select(binding => binding.Adapter)
            .FirstOrDefault(Adapter.None);
    }

    /// <summary>What becomes of events in each direction; where there is nothing they stay what they are.</summary>
    private sealed record Adapter(IWriteEventAdapter? Write, IReadEventAdapter? Read)
    {
        public static readonly Adapter None = new(null, null);

        /// <summary>Several adapters of one type are for reading only: each may add to what an event becomes.</summary>
        public static Adapter Of(IReadOnlyList<Adapter> adapters) =>
            adapters is [var only] ? only : new Adapter(null, new ReadInTurn(adapters));
    }

    /// <summary>Reads with each adapter, in order; what they make of an event follows one another.</summary>
    private sealed class ReadInTurn(IReadOnlyList<Adapter> adapters) : IReadEventAdapter
    {
        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Create(
            adapters.SelectMany(adapter => adapter.Read?.FromJournal(evt, manifest).Events ?? [evt]));
    }
}
