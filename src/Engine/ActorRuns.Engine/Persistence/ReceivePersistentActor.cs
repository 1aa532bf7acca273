using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Persistence;

/// <summary>
/// A persistent actor that lists its handlers by type: those for commands and those for what is recovered, in the
/// constructor; those for commands in the method given to Become, too. The first that fits handles a message.
/// </summary>
public abstract class ReceivePersistentActor : Eventsourced
{
    private readonly MessageHandlers _recovery = new();
    private readonly MessageHandlers _commands = new();
    private MessageHandlers? _open;
    private bool _isCreated;

    /// <summary>Begins an instance; the constructors of derived classes add its handlers.</summary>
    protected ReceivePersistentActor() => _open = _commands;

    private MessageHandlers Open => _open ?? throw new InvalidOperationException(
        "Command handlers can be added only in the constructor and in the method given to Become.");

    private MessageHandlers OpenRecovery => _isCreated
        ? throw new InvalidOperationException("Recover handlers can be added only in the constructor.")
        : _recovery;

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message) => _commands.Handle(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message) => _recovery.Handle(message);

    /// <summary>
    /// Handles snapshot offers, events or the end of recovery that the predicate, if there is one, lets pass.
    /// </summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        OpenRecovery.Add(handler, shouldHandle);

    /// <summary>Handles snapshot offers, events or the end of recovery that the predicate lets pass.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => OpenRecovery.Add(handler, shouldHandle);

    /// <summary>
    /// Handles snapshot offers, events or the end of recovery; where it says false, the next one is tried.
    /// </summary>
    protected void Recover<T>(Func<T, bool> handler) => OpenRecovery.Add(handler);

    /// <summary>Handles all that is recovered; no handler can follow.</summary>
    protected void RecoverAny(Action<object> handler) => OpenRecovery.Add<object>(handler, null);

    /// <summary>Handles commands of the type that the predicate, if there is one, lets pass.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Open.Add(handler, shouldHandle);

    /// <summary>Handles commands of the type that the predicate lets pass.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Open.Add(handler, shouldHandle);

    /// <summary>Handles commands of the type; where the handler says false, the next one is tried.</summary>
    protected void Command<T>(Func<T, bool> handler) => Open.Add(handler);

    /// <summary>Handles every command; no handler can follow.</summary>
    protected void CommandAny(Action<object> handler) => Open.Add<object>(handler, null);

    /// <summary>As <c>Command</c>, with an async handler: while it awaits, no other message is handled.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Open.Add<T>(message => RunTask(handler, message), shouldHandle);

    /// <summary>As <c>Command</c>, with an async handler: while it awaits, no other message is handled.</summary>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        CommandAsync(handler, shouldHandle);

    /// <summary>
    /// As <see cref="CommandAny"/>, with an async handler: while it awaits, no other message is handled.
    /// </summary>
    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAsync(handler);

    /// <summary>Replaces all command handlers by those that the method adds.</summary>
    protected void Become(Action configure) => Become(MessageHandlers.AddedBy(configure, ref _open).Handle);

    /// <summary>Puts the command handlers that the method adds over the current ones.</summary>
    protected void BecomeStacked(Action configure) =>
        BecomeStacked(MessageHandlers.AddedBy(configure, ref _open).Handle);

    internal override void Created(SupervisorStrategy? strategy)
    {
        base.Created(strategy);
        _open = null;
        _isCreated = true;
    }
}
