using System.Text.Json;
using ActorRuns.Journal;
using ActorRuns.Json;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Journal;

/// <summary>The journal of a thread, told to others than the thread.</summary>
public sealed class JournalEntrySpec : RuntimeTest
{
    [Fact]
    public void What_is_told_is_read_back_as_the_same_fact()
    {
        var entry = new JournalEntry(7, new ThreadEvent.RunCreated(Say("hi"), DateTimeOffset.UnixEpoch)
        {
            At = DateTimeOffset.UnixEpoch,
        });

        var read = JournalEntry.Read(Json(entry));

        Assert.Equal(7, read.SequenceNr);
        Assert.Equal(Json(entry).GetRawText(), Json(read).GetRawText());
    }

    [Fact]
    public void The_address_of_a_webhook_is_not_told()
    {
        var request = Say("hi") with { Webhook = new Uri("https://example.com/?token=secret") };

        var created = Json(new JournalEntry(1, new ThreadEvent.RunCreated(request, DateTimeOffset.UnixEpoch)));
        var edited = Json(new JournalEntry(2, new ThreadEvent.RunEdited(request, DateTimeOffset.UnixEpoch)));

        Assert.DoesNotContain("example.com", created.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", edited.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sequence_nr":1,"manifest":"run-paused/99","fact":{"at":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"sequence_nr":"one","manifest":"thread-deleted/1","fact":{"at":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"manifest":"thread-deleted/1"}""")]
    [InlineData("[]")]
    public void What_is_no_fact_of_ours_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JournalEntry.Read(JsonElement.Parse(json)));

    [Fact]
    public void The_pages_of_a_journal_are_the_whole_of_it()
    {
        var thread = NewThread();
        foreach (var text in (string[])["one", "two", "three", "four"])
            Converse(thread, text, $"re {text}");

        var whole = Page(thread, after: 0, limit: 1_000);
        var pages = new List<JournalEntry>();
        for (var page = Page(thread, 0, 7); page.Entries.Length > 0; page = Page(thread, pages[^1].SequenceNr, 7))
        {
            Assert.True(page.Entries.Length is 7 || page.Entries[^1].SequenceNr == page.LastSequenceNr);
            pages.AddRange(page.Entries);
        }

        Assert.Equal(whole.LastSequenceNr, whole.Entries.Length);
        Assert.Equal(whole.Entries.Select(Text), pages.Select(Text));
        Assert.Equal(
            Transcript(Read(thread)),
            Transcript(whole.Entries.Aggregate(ThreadLedger.Empty, (ledger, entry) => ledger.Apply(entry.Fact))));
    }

    private static string Text(JournalEntry entry) => Json(entry).GetRawText();

    private static JsonElement Json(JournalEntry entry) => JsonElement.Parse(StateJson.Write(entry.Write));

    private FactPage Page(ThreadId thread, long after, int limit)
    {
        Region.Tell(new ReadFacts(thread, after, limit), TestActor);
        return ExpectMsg<FactPage>();
    }
}
