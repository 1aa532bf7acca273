using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Runs;

/// <summary>
/// The runs of a thread that readers can see, by id. Immutable. Those that ended a while ago may lie in an archive: to
/// have them costs next to nothing, and to look at one of them costs the reading of it.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is named for what it is to its readers, not for its shape.")]
public sealed class RunTable : IReadOnlyDictionary<RunId, RunLedger>
{
    private readonly ImmutableDictionary<RunId, RunLedger> _near;
    private readonly ImmutableHashSet<RunId> _gone;

    private RunTable(
        ImmutableDictionary<RunId, RunLedger> near, IRunArchive? archive, ImmutableHashSet<RunId> gone)
    {
        _near = near;
        Archive = archive;
        _gone = gone;
    }

    /// <summary>No runs.</summary>
    public static RunTable Empty { get; } = new(ImmutableDictionary<RunId, RunLedger>.Empty, null, []);

    /// <summary>The runs at hand: all that have not ended, and those that ended lately or changed since.</summary>
    public IEnumerable<RunLedger> Near => _near.Values;

    /// <summary>Where the others are; null when all are at hand.</summary>
    public IRunArchive? Archive { get; }

    /// <summary>The runs that are in the archive, and not in this table any more.</summary>
    public IReadOnlyCollection<RunId> Gone => _gone;

    /// <inheritdoc />
    public IEnumerable<RunId> Keys => Archive is null
        ? _near.Keys
        : _near.Keys.Concat(Archive.Ids.Where(id => !_near.ContainsKey(id) && !_gone.Contains(id)));

    /// <inheritdoc />
    public IEnumerable<RunLedger> Values => Keys.Select(id => this[id]);

    /// <inheritdoc />
    public int Count => Archive is null ? _near.Count : Keys.Count();

    /// <summary>The run of this id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public RunLedger this[RunId key] => TryGetValue(key, out var run)
        ? run
        : throw new KeyNotFoundException($"There is no run {key}.");

    /// <inheritdoc />
    public bool ContainsKey(RunId key) =>
        _near.ContainsKey(key) || (Archive is { } archive && !_gone.Contains(key) && archive.Contains(key));

    /// <inheritdoc />
    public bool TryGetValue(RunId key, [MaybeNullWhen(false)] out RunLedger value)
    {
        if (_near.TryGetValue(key, out value))
            return true;
        return Archive is { } archive && !_gone.Contains(key) && archive.TryFind(key, out value);
    }

    /// <summary>This table with one run more.</summary>
    /// <exception cref="ArgumentException">A run of this id is there already.</exception>
    public RunTable Add(RunId key, RunLedger value) => ContainsKey(key)
        ? throw new ArgumentException($"Run {key} is there already.", nameof(key))
        : SetItem(key, value);

    /// <summary>This table with a run as it is now.</summary>
    public RunTable SetItem(RunId key, RunLedger value) =>
        new(_near.SetItem(key, value), Archive, _gone.Remove(key));

    /// <summary>This table with some runs as they are now.</summary>
    public RunTable SetItems(IEnumerable<KeyValuePair<RunId, RunLedger>> items) =>
        items.Aggregate(this, (table, item) => table.SetItem(item.Key, item.Value));

    /// <summary>This table without a run.</summary>
    public RunTable Remove(RunId key) => new(
        _near.Remove(key), Archive, Archive?.Contains(key) is true ? _gone.Add(key) : _gone);

    /// <summary>The same table with what was laid aside not at hand any more.</summary>
    /// <param name="archive">The archive, with all that was in the old one and not changed or gone since.</param>
    /// <param name="laidAside">The runs that are new in it; one that has changed since stays at hand.</param>
    public RunTable With(IRunArchive archive, IEnumerable<RunLedger> laidAside) => new(
        _near.RemoveRange(laidAside
            .Where(run => ReferenceEquals(_near.GetValueOrDefault(run.Id), run))
            .Select(run => run.Id)),
        archive,
        [.. _gone.Where(archive.Contains)]);

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<RunId, RunLedger>> GetEnumerator() =>
        Keys.Select(id => KeyValuePair.Create(id, this[id])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
