namespace Akka.Actor.Internal;

/// <summary>The actor whose message this thread handles: it gives <c>Context</c> and the implicit sender.</summary>
internal static class InternalCurrentActorCellKeeper
{
    [ThreadStatic]
    private static ActorCell? _current;

    /// <summary>Null on a thread that handles no message.</summary>
    public static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }
}
