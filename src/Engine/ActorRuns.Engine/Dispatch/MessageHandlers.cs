namespace Akka.Dispatch;

/// <summary>A list of handlers by type, tried in the order they were added.</summary>
internal sealed class MessageHandlers
{
    private readonly List<Handler> _handlers = [];
    private bool _isComplete;

    /// <summary>The handlers that a method adds to whatever is open while it runs.</summary>
    /// <param name="configure">The method.</param>
    /// <param name="open">What handlers can be added to; afterwards it is what it was before.</param>
    public static MessageHandlers AddedBy(Action configure, ref MessageHandlers? open)
    {
        var outer = open;
        var handlers = open = new MessageHandlers();
        try
        {
            configure();
            return handlers;
        }
        finally
        {
            open = outer;
        }
    }

    /// <summary>Adds a handler for what is of the type and passes the predicate.</summary>
    /// <exception cref="InvalidOperationException">A handler before it takes everything.</exception>
    public void Add<T>(Action<T> handle, Predicate<T>? shouldHandle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Add(new ActionHandler<T>(handle, shouldHandle), isLast: typeof(T) == typeof(object) && shouldHandle is null);
    }

    /// <summary>Adds a handler that may refuse.</summary>
    /// <exception cref="InvalidOperationException">A handler before it takes everything.</exception>
    public void Add<T>(Func<T, bool> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Add(new FunctionHandler<T>(handle), isLast: false);
    }

    /// <summary>Lets the first handler that fits handle the message; false when there is none.</summary>
    public bool Handle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler.TryHandle(message))
                return true;
        }

        return false;
    }

    private void Add(Handler handler, bool isLast)
    {
        if (_isComplete)
            throw new InvalidOperationException("A handler before takes every message, so no other can follow.");
        _handlers.Add(handler);
        _isComplete = isLast;
    }

    private abstract class Handler
    {
        public abstract bool TryHandle(object message);
    }

    private sealed class ActionHandler<T>(Action<T> handle, Predicate<T>? shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || shouldHandle?.Invoke(typed) == false)
                return false;
            handle(typed);
            return true;
        }
    }

    private sealed class FunctionHandler<T>(Func<T, bool> handle) : Handler
    {
        public override bool TryHandle(object message) => message is T typed && handle(typed);
    }
}
