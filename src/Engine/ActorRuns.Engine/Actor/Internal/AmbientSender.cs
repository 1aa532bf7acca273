namespace Akka.Actor.Internal;

/// <summary>
/// The sender of what is told outside of actors: a test's own actor. It belongs to the flow of the test's code, so it is
/// still there after an await, and it does not flow into actors, whose turns begin without it.
/// </summary>
internal static class AmbientSender
{
    private static readonly AsyncLocal<IActorRef?> Current = new();

    /// <summary>Null where no test runs.</summary>
    public static IActorRef? Value
    {
        get => Current.Value;
        set => Current.Value = value;
    }
}
