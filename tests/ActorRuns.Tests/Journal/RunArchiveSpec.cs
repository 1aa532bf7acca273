using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Journal;
using ActorRuns.Runs;
using ActorRuns.Tests.Threads;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Journal;

/// <summary>Runs that ended a while ago are laid aside, and nobody can tell by what is read of them.</summary>
public sealed class RunArchiveSpec
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 7, 42, 32, TimeSpan.Zero);

    [Fact]
    public void What_is_laid_aside_is_what_it_was()
    {
        var ledger = With(count: 300);

        var saved = RunArchive.LayAside(ledger).Ledger;

        Assert.Single(saved.Runs.Near); // The last one says which graph the thread belongs to.
        Assert.Equal(Likeness.Of(ledger), Likeness.Of(saved));
        Assert.Equal(ledger.Runs.Count, saved.Runs.Count);
    }

    [Fact]
    public void What_changes_later_or_goes_away_is_so_and_stays_so_when_it_is_laid_aside_again()
    {
        var ledger = With(count: 200);
        var saved = RunArchive.LayAside(ledger).Ledger;
        var (changed, gone) = (saved.Order[3], saved.Order[4]);

        var later = saved with
        {
            Runs = saved.Runs.Remove(gone).SetItem(changed, saved.Runs[changed] with { OverranTools = ["search"] }),
            Order = saved.Order.Remove(gone),
        };
        var again = RunArchive.LayAside(later).Ledger;

        foreach (var seen in new[] { later.Runs, again.Runs })
        {
            Assert.Equal("search", Assert.Single(seen[changed].OverranTools));
            Assert.False(seen.ContainsKey(gone));
            Assert.Equal(199, seen.Count);
            Assert.DoesNotContain(gone, seen.Keys);
        }

        Assert.Empty(again.Runs.Gone);
    }

    [Fact]
    public void What_went_away_is_in_no_pack_even_if_nothing_new_is_laid_aside()
    {
        var saved = RunArchive.LayAside(With(count: 3)).Ledger;
        var gone = saved.Order[0];

        var later = saved with { Runs = saved.Runs.Remove(gone), Order = saved.Order.Remove(gone) };
        var again = RunArchive.LayAside(later).Ledger;

        Assert.False(again.Runs.Archive!.Contains(gone));
    }

    [Fact]
    public void Saved_bit_by_bit_the_runs_lie_in_few_packs()
    {
        var ledger = ThreadLedger.Empty;
        for (var number = 0; number < 300; number++)
            ledger = RunArchive.LayAside(With(ledger, number)).Ledger;

        var archive = (RunArchive)ledger.Runs.Archive!;
        Assert.InRange(archive.Packs.Length, 2, 300 / 64 + 1);
        Assert.Equal(Likeness.Of(With(count: 300)), Likeness.Of(ledger));
    }

    [Fact]
    public void Packs_of_which_most_is_gone_are_packed_anew()
    {
        var ledger = RunArchive.LayAside(With(count: 257)).Ledger;
        foreach (var run in ledger.Order.Take(200).ToList())
            ledger = ledger with { Runs = ledger.Runs.Remove(run), Order = ledger.Order.Remove(run) };

        ledger = RunArchive.LayAside(With(ledger, number: 500)).Ledger;

        var archive = (RunArchive)ledger.Runs.Archive!;
        Assert.Equal((1, 57), (archive.Packs.Length, archive.Packs.Sum(pack => pack.Runs.Length)));
        Assert.All(ledger.Order, run => Assert.Equal(run, ledger.Runs[run].Id));
    }

    private static ThreadLedger With(int count) =>
        Enumerable.Range(0, count).Aggregate(ThreadLedger.Empty, With);

    private static ThreadLedger With(ThreadLedger ledger, int number)
    {
        var request = new RunRequest
        {
            RunId = new RunId(new Guid(number + 1, 1, 2, new byte[8])),
            AssistantId = new AssistantId(Guid.Parse("fe096781-5601-53d2-b2f6-0d3403f7e9ca")),
            GraphId = new GraphId("agent"),
            Config = System.Text.Json.JsonElement.Parse($$"""{"tags":["{{number}}"]}"""),
        };
        var run = new RunLedger(
            request, RunStatus.Success, 1, At.AddSeconds(number), At, At, new RunCause.Finished(), []);
        return ledger with
        {
            Exists = true,
            Runs = ledger.Runs.Add(run.Id, run),
            Order = ledger.Order.Add(run.Id),
            Begun = ledger.Begun.Add(run.Id),
        };
    }
}
