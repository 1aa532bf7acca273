using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor that lists its handlers by type: in the constructor, or in the method given to Become. The first that fits
/// a message handles it; what none takes goes to Unhandled.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    private readonly MessageHandlers _initial = new();
    private MessageHandlers? _open;

    /// <summary>Begins an instance; the constructors of derived classes add its handlers.</summary>
    protected ReceiveActor() => _open = _initial;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => _initial.Handle(message);

    /// <summary>Replaces all handlers by those that the method adds.</summary>
    protected void Become(Action configure) => Become(MessageHandlers.AddedBy(configure, ref _open).Handle);

    /// <summary>Puts the handlers that the method adds over the current ones.</summary>
    protected void BecomeStacked(Action configure) =>
        BecomeStacked(MessageHandlers.AddedBy(configure, ref _open).Handle);

    /// <summary>Handles messages of the type that the predicate, if there is one, lets pass.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Open.Add(handler, shouldHandle);

    /// <summary>Handles messages of the type that the predicate lets pass.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Open.Add(handler, shouldHandle);

    /// <summary>Handles messages of the type; where the handler says false, the next one is tried.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Open.Add(handler);

    /// <summary>Handles every message; no handler can follow.</summary>
    protected void ReceiveAny(Action<object> handler) => Open.Add<object>(handler, null);

    /// <summary>As <c>Receive</c>, with an async handler: while it awaits, no other message is handled.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Open.Add<T>(message => CurrentCell.RunTask(handler, message), shouldHandle);

    /// <summary>As <c>Receive</c>, with an async handler: while it awaits, no other message is handled.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        ReceiveAsync(handler, shouldHandle);

    /// <summary>
    /// As <see cref="ReceiveAny"/>, with an async handler: while it awaits, no other message is handled.
    /// </summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync<object>(handler);

    internal override void Created(SupervisorStrategy? strategy)
    {
        base.Created(strategy);
        _open = null;
    }

    private MessageHandlers Open => _open ?? throw new InvalidOperationException(
        "Handlers can be added only in the constructor and in the method given to Become.");
}
