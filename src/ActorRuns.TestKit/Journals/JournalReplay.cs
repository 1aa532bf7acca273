using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Journal;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>
/// A thread's journal, exported from production, as a test: callers do what they did when they did it, models and tools
/// say what they said, and the rules of this build decide anew, by the same strategies or by another one.
/// </summary>
public sealed class JournalReplay
{
    private readonly Recording _recording;

    private JournalReplay(IEnumerable<JournalEntry> entries) => _recording = new Recording(entries);

    /// <summary>What the journal adds up to.</summary>
    public ThreadLedger Recorded => _recording.Ledger;

    /// <summary>The transcript that the journal ends with, as words.</summary>
    public IReadOnlyList<string> RecordedTranscript => Recording.Transcript(Recorded.Position.Values);

    /// <summary>
    /// Reads an export: the list that <c>GET /threads/{id}/journal</c> answers with, or a line for each fact.
    /// </summary>
    /// <exception cref="JsonException">It is no export, or has facts that this build does not know.</exception>
    public static JournalReplay Parse(string export)
    {
        ArgumentNullException.ThrowIfNull(export);
        return export.TrimStart().StartsWith('[')
            ? Of(JsonElement.Parse(export).EnumerateArray())
            : Of(export.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => JsonElement.Parse(line)));
    }

    /// <summary>Reads the file of an export.</summary>
    public static async Task<JournalReplay> ReadAsync(string file) => Parse(await File.ReadAllTextAsync(file));

    /// <summary>Reads facts as <c>IThreads.ReadJournalAsync</c> tells them.</summary>
    /// <exception cref="JsonException">One is no fact, or of a kind that this build does not know.</exception>
    public static JournalReplay Of(IEnumerable<JsonElement> facts)
    {
        var entries = facts.Select(JournalEntry.Read).ToImmutableArray();
        return entries is [{ SequenceNr: 1 }, ..]
            ? new JournalReplay(entries)
            : throw new JsonException("An export begins with the first fact; put the pages of one together.");
    }

    /// <summary>Plays it with the ready agent.</summary>
    /// <param name="strategy">What runs do to those that have not ended; null for what each was asked to do.</param>
    public Task<ReplayedThread> PlayAsync(MultitaskStrategy? strategy = null) => PlayAsync(
        (model, tools) => ChatAgent.Create(Scenario.AgentName, model, new ChatAgentOptions { Tools = tools }),
        strategy);

    /// <summary>Plays it with an agent of one's own.</summary>
    /// <param name="agent">
    /// Makes the agent with a model and tools that answer from the journal; the tools have the names of those that were
    /// called, and take contracts with <c>tool.With(…)</c>.
    /// </param>
    /// <param name="strategy">What runs do to those that have not ended; null for what each was asked to do.</param>
    /// <exception cref="ScenarioException">It does not come to rest.</exception>
    public async Task<ReplayedThread> PlayAsync(
        Func<IChatClient, IReadOnlyList<AITool>, AgentGraph> agent, MultitaskStrategy? strategy = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        await using var replayer = await Replayer.StartAsync(_recording, agent, strategy);
        await replayer.PlayAsync();
        return new ReplayedThread(_recording, await replayer.ReadAsync(), replayer.Timeline, replayer.Refused);
    }
}
