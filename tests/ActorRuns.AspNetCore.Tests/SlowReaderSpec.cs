using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>A reader that takes nothing is cut off, and harms nobody.</summary>
public sealed class SlowReaderSpec : ApiTest
{
    // More than what is on its way at a time.
    private static readonly string Long = new('x', 300_000);

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_off_and_reads_on_where_it_was()
    {
        var thread = await NewThreadAsync();
        using var slow = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say(Long));
        var run = $"{slow.Response.Content.Headers.ContentLocation}";
        using var other = await OpenAsync(HttpMethod.Get, $"{run}/stream");
        Graph.Next().Answer("done");
        var whole = IdsOf(await other.RestAsync());

        await MoveTimeUntilAsync(CutOffAsync(), TimeSpan.FromSeconds(30));

        var seen = new List<string>();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await slow.NextAsync() is { } line)
                seen.Add(line);
        });
        var last = IdsOf(seen).LastOrDefault() ?? "-1";
        using var again = await OpenAsync(HttpMethod.Get, $"{run}/stream", body: null, ("Last-Event-ID", last));
        Assert.Equal(whole, IdsOf(seen).Concat(IdsOf(await again.RestAsync())));
        Assert.NotEqual(whole, IdsOf(seen));
    }

    [Fact]
    public async Task A_run_is_not_stopped_because_its_reader_was_cut_off()
    {
        var thread = await NewThreadAsync();
        using var slow = await OpenAsync(
            HttpMethod.Post, $"/threads/{thread}/runs/stream", Say(Long, ""","on_disconnect":"cancel" """));
        var visit = Graph.Next();

        await MoveTimeUntilAsync(CutOffAsync(), TimeSpan.FromSeconds(30));
        visit.Answer("done");

        var run = $"{slow.Response.Content.Headers.ContentLocation}";
        await GetAsync($"{run}/join");
        Assert.Equal("success", (await GetAsync(run)).Text("status"));
    }

    private async Task<bool> CutOffAsync()
    {
        while (!Log.Entries.Any(entry => entry.Text.Contains("is cut off", StringComparison.Ordinal)))
            await Task.Yield();
        return true;
    }

    private static List<string> IdsOf(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line["id: ".Length..]),
    ];
}
