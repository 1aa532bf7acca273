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
    /// <exception cref="ConfigurationException">A type or an adapter that is named is not there.</exception>
    public static EventAdapters Create(ExtendedActorSystem system, string journal, Config config)
    {
        var section = config.GetConfig("event-adapters");
        var adapters = section.Keys.ToDictionary(
            name => name,
            name => new Adapter(Instantiate(
                system, $"{journal}.event-adapters.{name}", section.GetString(Config.Quote(name))!))); // A key of it.

        var bindings = config.GetConfig("event-adapter-bindings");
        return new EventAdapters(
        [
            .. bindings.Keys.Select(type =>
            {
                var name = bindings.GetString(Config.Quote(type))!; // A key of it.
                return (
                    TypeNames.Require(type, $"A key of {journal}.event-adapter-bindings"),
                    adapters.GetValueOrDefault(name) ?? throw new ConfigurationException(
                        $"{journal}.event-adapter-bindings names the event adapter '{name}', but there is none."));
            }),
        ]);
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

    private static object Instantiate(ExtendedActorSystem system, string key, string className)
    {
        var type = TypeNames.Require(className, key);
        return type.GetConstructor([typeof(ExtendedActorSystem)]) is { } constructor
            ? constructor.Invoke([system])
            : Activator.CreateInstance(type)!; // Null for a Nullable<T> only.
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

    /// <summary>An adapter may do for one direction only.</summary>
    private sealed class Adapter(object? instance)
    {
        public static readonly Adapter None = new(null);

        public IWriteEventAdapter? Write => instance as IWriteEventAdapter;

        public IReadEventAdapter? Read => instance as IReadEventAdapter;
    }
}
