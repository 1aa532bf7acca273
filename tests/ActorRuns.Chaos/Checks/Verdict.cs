using System.Net;
using System.Text.Json;
using ActorRuns.Chaos.Load;
using ActorRuns.Chaos.Member;
using ActorRuns.Chaos.World;

namespace ActorRuns.Chaos.Checks;

/// <summary>Holds what is there when all is calm against what was promised.</summary>
internal sealed class Verdict(ChaosMembers members, Accepted accepted, ChaosClient client, Findings findings)
{
    /// <summary>Checks everything; what is wrong is among the findings.</summary>
    public async Task CheckAsync(string journal, Ledger ledger)
    {
        var rows = await JournalRow.ReadAllAsync(journal);
        var folds = rows.GroupBy(row => row.Thread, StringComparer.Ordinal)
            .ToDictionary(thread => thread.Key, Fold, StringComparer.Ordinal);
        CheckRuns(folds);
        CheckLedger(await ledger.ReadAsync());
        foreach (var thread in accepted.Runs.Values.Select(run => run.ThreadId).Distinct(StringComparer.Ordinal))
            await CheckStateAsync(thread, folds);
        foreach (var reading in accepted.Readings)
            await CheckReadingAsync(reading, folds);
    }

    private ThreadFold Fold(IGrouping<string, JournalRow> thread)
    {
        var fold = new ThreadFold(thread.Key, findings);
        foreach (var row in thread)
            fold.Take(row);
        findings.FaultIf(fold.AtWork is not null, $"thread {thread.Key}: run {fold.AtWork} is still at work");
        return fold;
    }

    /// <summary>Every accepted run has come to its end in the journal, or waits for a human.</summary>
    private void CheckRuns(Dictionary<string, ThreadFold> folds)
    {
        foreach (var run in accepted.Runs.Values)
        {
            if (!folds.TryGetValue(run.ThreadId, out var fold))
            {
                findings.Fault($"thread {run.ThreadId} of the accepted run {run.RunId} is not in the journal");
                continue;
            }

            findings.Count($"end: {fold.Ends.GetValueOrDefault(run.RunId, "waits or was answered")}");
            if (fold.Attempts.GetValueOrDefault(run.RunId) > 1)
                findings.Count("runs that were resumed");
        }
    }

    /// <summary>What must be done at most once was; what was done again was done under the key of its call.</summary>
    private void CheckLedger(IReadOnlyList<LedgerRow> rows)
    {
        foreach (var call in rows.GroupBy(row => row.IdempotencyKey, StringComparer.Ordinal))
        {
            findings.Count("ledger: calls");
            var tool = call.First().Tool;
            findings.FaultIf(
                tool is ChaosTools.Pay && call.Count() > 1, $"{call.Key} was paid {call.Count()} times");
            findings.FaultIf(
                call.GroupBy(row => row.Attempt).Any(attempt => attempt.Count() > 1),
                $"{call.Key} was done twice in one attempt");
            if (call.Count() > 1)
                findings.Count("ledger: done again under the same key");
        }
    }

    /// <summary>All members say the same, and it is what was said: each text once, each call with one result.</summary>
    private async Task CheckStateAsync(string thread, Dictionary<string, ThreadFold> folds)
    {
        var states = new List<string>();
        foreach (var member in members.All)
        {
            var (status, body) = await client.AskAsync(HttpMethod.Get, $"threads/{thread}/state", member: member);
            states.Add(status is HttpStatusCode.OK ? body.GetRawText() : $"{(int)status}");
        }

        findings.FaultIf(
            states.Distinct(StringComparer.Ordinal).Count() > 1, $"thread {thread}: members tell different states");
        var messages = JsonElement.Parse(states[0]).GetProperty("values").TryGetProperty("messages", out var all)
            ? all.EnumerateArray().ToList()
            : [];
        CheckTranscript(thread, messages);
        var said = messages.Where(message => Text(message, "type") is "human")
            .GroupBy(message => Text(message, "content")!, StringComparer.Ordinal)
            .ToDictionary(text => text.Key, text => text.Count(), StringComparer.Ordinal);
        foreach (var (text, count) in said)
            findings.FaultIf(count > 1, $"thread {thread}: '{text}' is there {count} times");
        foreach (var run in accepted.Runs.Values.Where(run => run.ThreadId == thread && run.Text is not null))
        {
            findings.FaultIf(
                folds[thread].Ends.GetValueOrDefault(run.RunId) is "run-succeeded" && !said.ContainsKey(run.Text!),
                $"thread {thread}: '{run.Text}' of run {run.RunId}, which succeeded, is lost");
        }
    }

    private void CheckTranscript(string thread, List<JsonElement> messages)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (Text(message, "type") is "tool")
            {
                var call = Text(message, "tool_call_id")!;
                findings.FaultIf(!open.Remove(call), $"thread {thread}: a result for {call}, which nothing asked for");
                continue;
            }

            findings.FaultIf(
                open.Count > 0, $"thread {thread}: {string.Join(", ", open)} without result before {message}");
            if (message.TryGetProperty("tool_calls", out var calls))
                open.UnionWith(calls.EnumerateArray().Select(call => Text(call, "id")!));
        }
    }

    /// <summary>What a reader saw is the stream: no gap, nothing twice, in order, on whatever member it was.</summary>
    private async Task CheckReadingAsync(Reading reading, Dictionary<string, ThreadFold> folds)
    {
        var run = reading.Run;
        var gone = folds[run.ThreadId].Ends.GetValueOrDefault(run.RunId) is "run-rolled-back";
        findings.Count("streams read");
        findings.FaultIf(
            reading.IsGone && !gone && !await IsDeletedAsync(run), $"the stream of run {run.RunId} was lost");
        if (reading.IsGone || gone)
            return;
        if (reading.Connections > 1)
            findings.Count("streams read on several connections");
        var all = await client.ReadAsync(run);
        findings.FaultIf(
            !all.EventIds.SequenceEqual(reading.EventIds, StringComparer.Ordinal),
            $"run {run.RunId} of thread {run.ThreadId}: a reader with {reading.Connections} connections saw "
                + $"[{string.Join(' ', reading.EventIds)}], and the stream is [{string.Join(' ', all.EventIds)}]");
    }

    private async Task<bool> IsDeletedAsync(AcceptedRun run) =>
        (await client.AskAsync(HttpMethod.Get, $"threads/{run.ThreadId}/runs/{run.RunId}")).Status
            is HttpStatusCode.NotFound;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;
}
