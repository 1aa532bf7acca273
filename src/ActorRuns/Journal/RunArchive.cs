using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// The runs of a thread that ended before it was last saved, in packs. To read a snapshot costs their ids and no more;
/// to save one again, the runs that ended since. Immutable; many may read it at the same time.
/// </summary>
internal sealed class RunArchive : IRunArchive
{
    // Enough runs to be packed well, and few enough to be unpacked for one of them.
    private const int FullPack = 64;

    private readonly Dictionary<RunId, (int Pack, int Item)> _places;

    // The pack that was read last: who reads one run often reads the ones beside it.
    private volatile Unpacked? _last;

    public RunArchive(ImmutableArray<RunPack> packs)
    {
        Packs = packs;
        _places = new(packs.Sum(pack => pack.Runs.Length));
        for (var pack = 0; pack < packs.Length; pack++)
        {
            for (var item = 0; item < packs[pack].Runs.Length; item++)
            {
                if (packs[pack].Runs[item] is var run && run != RunPack.Nothing)
                    _places[run] = (pack, item);
            }
        }
    }

    /// <summary>The packs, oldest first.</summary>
    public ImmutableArray<RunPack> Packs { get; }

    public IEnumerable<RunId> Ids => Packs.SelectMany(pack => pack.Runs).Where(run => run != RunPack.Nothing);

    public bool Contains(RunId id) => _places.ContainsKey(id);

    public bool TryFind(RunId id, [NotNullWhen(true)] out RunLedger? run)
    {
        run = null;
        if (!_places.TryGetValue(id, out var place))
            return false;

        if (_last is not { } unpacked || unpacked.Pack != place.Pack)
            _last = unpacked = new Unpacked(place.Pack, Packs[place.Pack].Unpack());
        using var json = JsonDocument.Parse(unpacked.Runs[place.Item].Json);
        run = RunLedgerJson.Read(new FactReader(LedgerSnapshotJson.Manifest, json.RootElement.Clone()));
        return true;
    }

    /// <summary>
    /// The ledger with the runs laid aside that have ended; the last one stays at hand, since it says which graph the
    /// thread belongs to.
    /// </summary>
    /// <returns>The ledger, and the runs that are new in its archive.</returns>
    public static (ThreadLedger Ledger, ImmutableArray<RunLedger> LaidAside) LayAside(ThreadLedger ledger)
    {
        var laidAside = ledger.Runs.Near
            .Where(run => run.IsTerminal && run.Id != ledger.Order[^1])
            .OrderBy(run => run.CreatedAt).ThenBy(run => run.Id.Value)
            .ToImmutableArray();
        if (laidAside.IsEmpty && ledger.Runs.Gone.Count is 0)
            return (ledger, laidAside);

        var archive = (ledger.Runs.Archive as RunArchive ?? new RunArchive([]))
            .With([.. laidAside.Select(Stored)], [.. ledger.Runs.Near.Select(run => run.Id), .. ledger.Runs.Gone]);
        return (ledger with { Runs = ledger.Runs.With(archive, laidAside) }, laidAside);
    }

    private static StoredRun Stored(RunLedger run) =>
        new(run.Id, StateJson.Write(writer => RunLedgerJson.Write(writer, run)));

    /// <summary>This archive with other runs, and without some; what little is left of a pack is packed anew.</summary>
    private RunArchive With(IReadOnlyList<StoredRun> added, IEnumerable<RunId> unwanted)
    {
        var holes = unwanted.Where(_places.ContainsKey).Select(run => _places[run]).ToLookup(place => place.Pack);
        var packs = ImmutableArray.CreateBuilder<RunPack>();
        var loose = new List<StoredRun>();
        for (var at = 0; at < Packs.Length; at++)
        {
            var pack = holes[at].Aggregate(
                Packs[at], (known, hole) => known with { Runs = known.Runs.SetItem(hole.Item, RunPack.Nothing) });
            var wanted = pack.Wanted;
            if (wanted > pack.Runs.Length / 2 && (wanted >= FullPack || at < Packs.Length - 1))
                packs.Add(pack);
            else if (wanted > 0)
                loose.AddRange(pack.Unpack().Where(run => run.Id != RunPack.Nothing));
        }

        loose.AddRange(added);
        packs.AddRange(loose.Chunk(2 * FullPack).Select(RunPack.Of));
        return new RunArchive(packs.ToImmutable());
    }

    private sealed record Unpacked(int Pack, ImmutableArray<StoredRun> Runs);
}
