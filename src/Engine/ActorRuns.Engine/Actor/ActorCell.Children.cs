namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private Children? _children;

    /// <summary>The children that are there now; any thread.</summary>
    public IReadOnlyList<IActorRef> ChildRefs => _children?.References() ?? [];

    /// <summary>The children with what their supervisor remembers of each.</summary>
    public IReadOnlyList<ChildRecord> ChildRecords => _children?.Records() ?? [];

    public IEnumerable<IActorRef> GetChildren() => ChildRefs;

    public IActorRef Child(string name) => FindChild(name);

    /// <summary>The child of this name, or Nobody; any thread.</summary>
    public IInternalActorRef FindChild(string name) =>
        _children?.Find(name) is { } child ? child.Reference : Nobody.Instance;

    /// <summary>Creates a child; any thread, since a guardian's children are made by all.</summary>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException($"'{name}' is no valid actor name.");
        return Spawn(props, name);
    }

    /// <summary>Creates a child whose name may be one of those kept for the engine.</summary>
    public LocalActorRef Spawn(Props props, string? name)
    {
        var child = OwnChildren().Add(name, uniqueName => new LocalActorRef(
            SystemImpl, props, SelfRef, new ChildActorPath(SelfRef.Path, uniqueName, ActorSystemImpl.NextUid())));
        child.Cell.Start();
        return child;
    }

    public void Stop(IActorRef child)
    {
        var reference = (IInternalActorRef)child;
        _children?.MarkAsStopping(reference);
        reference.SendSystemMessage(new Dispatch.SysMsg.Terminate());
    }

    private Children OwnChildren() => LazyInitializer.EnsureInitialized(ref _children);

    private void StopChildren()
    {
        foreach (var child in ChildRefs)
            Stop(child);
    }
}
