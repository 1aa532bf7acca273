using System.Text;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.TestKit;

/// <summary>A thread of a scenario: what a user does to it, and what can be claimed of it.</summary>
public sealed class ScenarioThread
{
    internal ScenarioThread(Scenario scenario, ThreadId id)
    {
        Scenario = scenario;
        Id = id;
    }

    /// <summary>Its id.</summary>
    public ThreadId Id { get; }

    /// <summary>The scenario that it is part of.</summary>
    public Scenario Scenario { get; }

    /// <summary>The user says something; on return it is recorded.</summary>
    /// <param name="text">What.</param>
    /// <param name="strategy">What becomes of the runs that have not ended.</param>
    public Task<ScenarioRun> SaysAsync(string text, MultitaskStrategy strategy = MultitaskStrategy.Enqueue) =>
        SubmitAsync(run => run with { Input = Said(text), Strategy = strategy }, $"the user says {text.Quoted()}");

    /// <summary>The user answers what was asked.</summary>
    /// <param name="answer">The answer, anything that becomes JSON.</param>
    public Task<ScenarioRun> ResumesAsync(object answer) => SubmitAsync(
        run => run with { Command = new GraphCommand(JsonSerializer.SerializeToElement(answer), default, []) },
        $"the user answers {JsonSerializer.Serialize(answer).Quoted()}");

    /// <summary>Submits any run.</summary>
    /// <param name="change">Makes it different from one of <see cref="Scenario.Agent"/> without input.</param>
    public Task<ScenarioRun> SubmitAsync(Func<RunRequest, RunRequest> change) =>
        SubmitAsync(change, "a run is submitted");

    /// <summary>Claims that what the user says is refused, and changes nothing.</summary>
    /// <returns>Why it is refused.</returns>
    /// <exception cref="ScenarioException">It is accepted.</exception>
    public async Task<Refusal> IsRefusedAsync(string text, MultitaskStrategy strategy = MultitaskStrategy.Reject)
    {
        Scenario.Timeline.Note($"the user says {text.Quoted()}", Id);
        var request = Request() with { Input = Said(text), Strategy = strategy };
        return await Scenario.AskAsync(Submission(request)) is Refused(var reason)
            ? reason
            : throw Failure($"{text.Quoted()} is accepted.");
    }

    /// <summary>Edits the state from outside of any run.</summary>
    /// <param name="values">The values by channel, anything that becomes a JSON object.</param>
    /// <param name="asNode">The node that the state is to look as if it had just run; null for the last one.</param>
    public Task EditsStateAsync(object values, string? asNode = null) => Scenario.AskAsync<ThreadRead>(
        new EditState(Id, new StateEdit([JsonSerializer.SerializeToElement(values)], asNode), From: null));

    /// <summary>What is recorded of it.</summary>
    public async Task<ThreadLedger> ReadAsync() => (await Scenario.AskAsync<ThreadRead>(new ReadThread(Id))).Ledger;

    /// <summary>Its journal as <c>GET /threads/{id}/journal</c> exports it, a line for each fact.</summary>
    public async Task<string> ExportAsync()
    {
        var page = await Scenario.AskAsync<FactPage>(new ReadFacts(Id, After: 0, int.MaxValue));
        return string.Concat(page.Entries.Select(entry =>
            $"{Encoding.UTF8.GetString(StateJson.Write(entry.Write))}\n"));
    }

    /// <summary>
    /// The transcript as words: <c>human: hi</c>, <c>ai: hello</c>, <c>ai calls search</c>, <c>tool: found</c>.
    /// </summary>
    public async Task<IReadOnlyList<string>> TranscriptAsync() =>
        [.. (await ReadAsync()).Position.Values.MessagesOf(Channels.Messages).Messages.SelectMany(Words.Of)];

    /// <summary>Claims the whole transcript.</summary>
    /// <exception cref="ScenarioException">It is another one.</exception>
    public async Task HasTranscriptAsync(params IReadOnlyList<string> transcript)
    {
        var actual = await TranscriptAsync();
        if (!actual.SequenceEqual(transcript, StringComparer.Ordinal))
            throw Failure(Words.Difference("The transcript is another one", transcript, actual));
    }

    /// <summary>Claims that every model provider takes the transcript: each call has its result, no other.</summary>
    /// <exception cref="ScenarioException">One would refuse it.</exception>
    public async Task HasValidTranscriptAsync()
    {
        var messages = (await ReadAsync()).Position.Values.MessagesOf(Channels.Messages).Messages;
        var faults = TranscriptValidator.Faults(messages).ToList();
        if (faults.Count > 0)
            throw Failure($"No model provider takes the transcript: {string.Join("; ", faults)}.");
    }

    /// <summary>Waits until a fact is recorded; one that is already will do.</summary>
    /// <typeparam name="T">Its kind.</typeparam>
    /// <param name="which">Says which one of that kind; null for any.</param>
    /// <returns>The first one.</returns>
    /// <exception cref="ScenarioException">None is.</exception>
    public Task<T> RecordsAsync<T>(Func<T, bool>? which = null)
        where T : ThreadEvent => Scenario.AwaitFactAsync(Id, which);

    /// <summary>Claims what the thread is at.</summary>
    /// <exception cref="ScenarioException">It is at something else.</exception>
    public async Task IsAsync(ThreadStatus status)
    {
        var actual = (await ReadAsync()).Status;
        if (actual != status)
            throw Failure($"The thread is {actual}, not {status}.");
    }

    internal ScenarioException Failure(string message, Exception? cause = null) =>
        Scenario.Timeline.Failure(message, Id, cause);

    internal async Task<ScenarioRun> SubmitAsync(Func<RunRequest, RunRequest> change, string note)
    {
        Scenario.Timeline.Note(note, Id);
        var accepted = await Scenario.AskAsync<RunAccepted>(Submission(change(Request())));
        return new ScenarioRun(this, accepted.Run.Id, accepted.Stream);
    }

    private static JsonElement Said(string text) =>
        JsonSerializer.SerializeToElement(new { messages = new[] { new { role = "human", content = text } } });

    private SubmitRun Submission(RunRequest request) => new(Id, request, RunRequest.NoMetadata, CreatesThread: false);

    private RunRequest Request() => new()
    {
        RunId = Scenario.Runtime.Ids.NewRunId(),
        AssistantId = RuntimeIds.SystemAssistant(new GraphId(Scenario.Agent)),
        GraphId = new GraphId(Scenario.Agent),
        StreamModes = StreamModes.Values | StreamModes.MessagesTuple,
    };
}
