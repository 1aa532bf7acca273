namespace Akka.Actor;

/// <summary>What a supervisor remembers of one child.</summary>
internal sealed class ChildRecord(LocalActorRef reference)
{
    private int _restarts;
    private long _rangeBegan;

    public LocalActorRef Reference => reference;

    /// <summary>Whether the parent has told the child to stop.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Counts one more restart; false when that is more than the limit allows.</summary>
    /// <param name="limit">How many restarts; negative for any number.</param>
    /// <param name="range">The time within which they count; none or zero for ever.</param>
    /// <param name="time">The clock.</param>
    public bool MayRestart(int limit, TimeSpan? range, TimeProvider time)
    {
        var isRanged = range is { } within && within > TimeSpan.Zero;
        if (limit < 0 && !isRanged)
            return true;
        if (limit == 0)
            return false;

        var now = time.GetTimestamp();
        if (isRanged && (_restarts == 0 || time.GetElapsedTime(_rangeBegan, now) > range))
            (_restarts, _rangeBegan) = (0, now);
        // A range without a limit means one restart in that time.
        return ++_restarts <= Math.Abs(limit);
    }
}

/// <summary>
/// The children of one actor by name. Locked, because guardians create and selections look up on any thread.
/// </summary>
internal sealed class Children
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChildRecord> _records = new(StringComparer.Ordinal);
    private long _namesGiven;
    private int _stopping;
    private bool _isClosed;

    /// <summary>Whether a child is there that was told to stop.</summary>
    public bool HasStopping
    {
        get
        {
            lock (_gate)
                return _stopping > 0;
        }
    }

    /// <summary>Makes a child under a name, or under a new one where it is null.</summary>
    public LocalActorRef Add(string? name, Func<string, LocalActorRef> create)
    {
        lock (_gate)
        {
            if (_isClosed)
                throw new InvalidOperationException("Cannot create children while terminating or terminated.");
            name ??= "$" + Letters.Of(_namesGiven++);
            if (_records.ContainsKey(name))
                throw new InvalidActorNameException($"Actor name '{name}' is not unique!");
            var child = create(name);
            _records.Add(name, new ChildRecord(child));
            return child;
        }
    }

    /// <summary>From now on nothing is added.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
    }

    public ChildRecord? Find(string name)
    {
        lock (_gate)
            return _records.GetValueOrDefault(name);
    }

    /// <summary>The record of this life of the child, or null.</summary>
    public ChildRecord? Find(IActorRef child) =>
        Find(child.Path.Name) is { } record && record.Reference.Equals(child) ? record : null;

    /// <summary>Notes that the child was told to stop.</summary>
    public void MarkAsStopping(IActorRef child)
    {
        lock (_gate)
        {
            if (Find(child) is not { IsStopping: false } record)
                return;
            record.IsStopping = true;
            _stopping++;
        }
    }

    /// <summary>Forgets the child, which frees its name; false when it is not one of these.</summary>
    public bool Remove(IActorRef child)
    {
        lock (_gate)
        {
            if (Find(child) is not { } record)
                return false;
            if (record.IsStopping)
                _stopping--;
            return _records.Remove(child.Path.Name);
        }
    }

    public IReadOnlyList<IActorRef> References()
    {
        lock (_gate)
            return [.. _records.Values.Select(record => record.Reference)];
    }

    public IReadOnlyList<ChildRecord> Records()
    {
        lock (_gate)
            return [.. _records.Values];
    }
}
