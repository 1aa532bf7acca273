using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Event;

/// <summary>
/// Publishes to actors by the type of what is published: a subscription to a class or interface takes all that derive
/// from it. Any thread may use it. Subscriptions of actors that stop end by themselves.
/// </summary>
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IActorRef, HashSet<Type>> _subscriptions = [];
    private readonly Unsubscriber _unsubscriber;

    /// <summary>
    /// Who gets what, found once for each type; a change of subscriptions puts a new one in its place.
    /// </summary>
    private volatile ConcurrentDictionary<Type, IActorRef[]> _receivers = new();

    internal EventStream() => _unsubscriber = new Unsubscriber(this);

    /// <summary>The least level of the log entries that are published.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.ErrorLevel;

    /// <summary>Changes the least level of the log entries that are published.</summary>
    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <summary>Lets the subscriber have what is of the type.</summary>
    /// <returns>False when it has it already.</returns>
    public bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(subscriber, out var channels))
            {
                _subscriptions.Add(subscriber, channels = []);
                if (subscriber is IInternalActorRef reference)
                    reference.SendSystemMessage(new Watch(reference, _unsubscriber));
            }

            return channels.Add(channel) && Changed();
        }
    }

    /// <summary>Ends the subscription to exactly this type.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        lock (_gate)
            return _subscriptions.TryGetValue(subscriber, out var channels) && channels.Remove(channel) && Changed();
    }

    /// <summary>Ends all subscriptions of the subscriber.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Unsubscribe(IActorRef subscriber)
    {
        lock (_gate)
            return _subscriptions.Remove(subscriber) && Changed();
    }

    /// <summary>Tells it, once, to all who subscribe to its type.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var receivers = _receivers;
        if (!receivers.TryGetValue(@event.GetType(), out var found))
            found = receivers.GetOrAdd(@event.GetType(), ReceiversOf);
        foreach (var receiver in found)
            receiver.Tell(@event);
    }

    private IActorRef[] ReceiversOf(Type type)
    {
        lock (_gate)
        {
            return [.. _subscriptions
                .Where(entry => entry.Value.Any(channel => channel.IsAssignableFrom(type)))
                .Select(entry => entry.Key)];
        }
    }

    private bool Changed()
    {
        _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
        return true;
    }

    /// <summary>Watches the subscribers.</summary>
    private sealed class Unsubscriber(EventStream stream) : MinimalActorRef
    {
        public override ActorPath Path { get; } =
            new RootActorPath(new Address("akka", "all-systems")) / "eventStreamUnsubscriber";

        public override void SendSystemMessage(SystemMessage message)
        {
            if (message is DeathWatchNotification death)
                stream.Unsubscribe(death.Actor);
        }
    }
}
