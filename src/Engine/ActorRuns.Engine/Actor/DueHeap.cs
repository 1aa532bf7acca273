namespace Akka.Actor;

/// <summary>Something that is to happen at a time.</summary>
internal abstract class Scheduled(ICancelable? cancelable)
{
    public ICancelable? Cancelable => cancelable;

    public bool IsCancelled => cancelable?.IsCancellationRequested == true;

    /// <summary>When, by the scheduler's monotonic clock.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>How long until the next time; null when there is only one.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Orders what is due at the same time by when it was added; the heap sets it.</summary>
    public long Order { get; set; }

    /// <summary>Where the heap has it; negative when it is not there.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Lets it happen.</summary>
    public abstract void Run();
}

/// <summary>
/// A binary heap with the earliest entry first. Each entry knows its place, so that it can be removed from the middle;
/// timers are cancelled far more often than they fire. Not synchronized.
/// </summary>
internal sealed class DueHeap
{
    private readonly List<Scheduled> _entries = [];
    private long _added;

    public Scheduled? First => _entries.Count > 0 ? _entries[0] : null;

    public void Add(Scheduled entry)
    {
        entry.Order = _added++;
        _entries.Add(entry);
        MoveUp(entry, _entries.Count - 1);
    }

    /// <summary>Takes the entry out; nothing happens when it is not in.</summary>
    public void Remove(Scheduled entry)
    {
        var hole = entry.Index;
        if (hole < 0)
            return;

        entry.Index = -1;
        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (last == entry)
            return;
        MoveUp(last, hole);
        MoveDown(last, last.Index);
    }

    private void MoveUp(Scheduled entry, int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!IsBefore(entry, _entries[parent]))
                break;
            Put(_entries[parent], index);
            index = parent;
        }

        Put(entry, index);
    }

    private void MoveDown(Scheduled entry, int index)
    {
        while (2 * index + 1 < _entries.Count)
        {
            var child = 2 * index + 1;
            if (child + 1 < _entries.Count && IsBefore(_entries[child + 1], _entries[child]))
                child++;
            if (!IsBefore(_entries[child], entry))
                break;
            Put(_entries[child], index);
            index = child;
        }

        Put(entry, index);
    }

    private void Put(Scheduled entry, int index)
    {
        _entries[index] = entry;
        entry.Index = index;
    }

    private static bool IsBefore(Scheduled left, Scheduled right) =>
        left.Due < right.Due || (left.Due == right.Due && left.Order < right.Order);
}
