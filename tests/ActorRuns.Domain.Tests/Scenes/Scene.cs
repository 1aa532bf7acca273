using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Domain.Tests.Scenes;

/// <summary>
/// One thread without actors: it decides, records and folds as the shell does, and plays the nodes of whichever run has
/// the thread. Runs are called by numbers; run 1 says "1", which <see cref="Notation"/> writes as <c>H1</c>.
/// </summary>
internal sealed class Scene
{
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ThreadId ThreadId = new(new Guid(7, 0, 0, new byte[8]));

    private static readonly ImmutableSortedDictionary<string, JsonElement> NoMetadata =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    private int _calls;

    /// <summary>Shared by scenes whose messages meet.</summary>
    public CountingIds Ids { get; init; } = new();

    public ThreadLedger Ledger { get; private set; } = ThreadLedger.Empty;

    /// <summary>What the id of the last revision had to sort after.</summary>
    public CheckpointId? NewestBefore => Ids.After;

    /// <summary>The revisions that readers can see, oldest first.</summary>
    public IReadOnlyList<Checkpoint> Revisions
    {
        get
        {
            var history = new ThreadHistory();
            var ledger = ThreadLedger.Empty;
            foreach (var fact in Facts)
            {
                ledger = ledger.Apply(fact);
                history.Add(fact, ledger);
            }

            return history.Revisions;
        }
    }

    /// <summary>What was recorded, batch by batch.</summary>
    public List<ImmutableArray<ThreadEvent>> Journal { get; } = [];

    public IEnumerable<ThreadEvent> Facts => Journal.SelectMany(batch => batch);

    public DateTimeOffset Now { get; private set; } = Beginning;

    public ThreadPolicy Policy { get; init; } = new();

    public IGraphCatalog Graphs { get; set; } = TestGraphs.All;

    /// <summary>True while what is decided does not become durable.</summary>
    public bool JournalIsDown { get; set; }

    /// <summary>What the holder has streamed of messages that are not complete.</summary>
    public ImmutableArray<PartialMessage> Partials { get; set; } = [];

    /// <summary>The messages of the last revision, in <see cref="Notation"/>.</summary>
    public string Transcript => Notation.Write(Ledger.Position.Values);

    /// <summary>The nodes that are next, parted by blanks.</summary>
    public string Next => string.Join(' ', Ledger.Position.Next);

    public string Thread => Notation.Lower(Ledger.Status);

    public Holder Holder => Ledger.Holder ?? throw new InvalidOperationException("No run has the thread.");

    public string this[int run] => Notation.Write(Ledger.Runs.GetValueOrDefault(Notation.Run(run)));

    public Decision Do(ThreadCommand command)
    {
        var context = new DecisionContext(ThreadId, Now, Ids, Graphs, Policy, Partials);
        var decision = ThreadDecider.Decide(Ledger, command, context);
        if (decision is not Decision.Accept(var facts) || JournalIsDown)
            return decision;

        var before = Ledger;
        Journal.Add(facts);
        Ledger = Ledger.ApplyAll(facts);
        if (Ledger.Holder != before.Holder || Ledger.Position.Head != before.Position.Head)
            Partials = []; // They are complete now, or died with the attempt that streamed them.
        return decision;
    }

    /// <summary>The process dies and another one recovers from the journal.</summary>
    public void Crash()
    {
        Ledger = ThreadLedger.Empty.ApplyAll(Facts);
        Partials = [];
        Do(new ThreadCommand.TakeOver(Lost: null));
    }

    /// <summary>The run at work is stopped between two steps, and another process recovers from the journal.</summary>
    public void HandOver()
    {
        Do(new ThreadCommand.HandOverRun(Ledger.Holder!)); // A run is at work, or there is nothing to hand over.
        Crash();
    }

    /// <summary>Time passes, and what has become due starts.</summary>
    public Decision Pass(TimeSpan time)
    {
        Now += time;
        return Do(new ThreadCommand.StartDueRuns());
    }

    public static RunRequest Request(int run) => new()
    {
        RunId = Notation.Run(run),
        AssistantId = new AssistantId(Guid.Empty),
        GraphId = TestGraphs.Agent.Id,
    };

    public Decision Submit(RunRequest request) =>
        Do(new ThreadCommand.SubmitRun(request, NoMetadata, CreatesThread: true));

    /// <summary>A human says the run's number.</summary>
    public Decision Send(int run, MultitaskStrategy strategy = MultitaskStrategy.Enqueue, TimeSpan delay = default) =>
        Submit(Request(run) with { Strategy = strategy, Delay = delay, Input = Saying(run) });

    /// <summary>A human says the run's number to the run at work.</summary>
    public Decision Steer(int run) => Submit(Request(run) with { Steers = true, Input = Saying(run) });

    /// <summary>A human says the run's number to the run at work, which begins no tools before it has heard.</summary>
    public Decision SteerNow(int run) =>
        Submit(Request(run) with { Steers = true, SkipsTools = true, Input = Saying(run) });

    /// <summary>A human says the run's number, and may go on for 2 s, 5 s in all.</summary>
    public Decision Say(int run, MultitaskStrategy strategy = MultitaskStrategy.Enqueue) => Submit(Request(run) with
    {
        Strategy = strategy,
        Input = Saying(run),
        Config = Within(TimeSpan.Zero, quiet: TimeSpan.FromSeconds(2), atMost: TimeSpan.FromSeconds(5)),
    });

    /// <summary>A run without input: it goes on from the state as it is.</summary>
    public Decision GoOn(int run) => Submit(Request(run));

    /// <summary>A run that brings an answer.</summary>
    public Decision Resume(int run, string json) =>
        Command(run, new GraphCommand(JsonElement.Parse(json), default, []));

    public Decision Command(int run, GraphCommand command) => Submit(Request(run) with { Command = command });

    /// <summary>Someone writes to the state from outside.</summary>
    public Decision Edit(string? asNode, Checkpoint? from, params ImmutableArray<JsonElement> values) =>
        Do(new ThreadCommand.UpdateState(new StateEdit(values, asNode), from));

    public Decision Edit(StateEdit edit) => Do(new ThreadCommand.UpdateState(edit, From: null));

    /// <summary>A human says the run's number, from an older revision on.</summary>
    public Decision SendFrom(int run, Checkpoint from, MultitaskStrategy strategy = MultitaskStrategy.Enqueue) =>
        Submit(Request(run) with { Strategy = strategy, Input = Saying(run), Fork = from });

    public Decision Delete(int run) => Do(new ThreadCommand.DeleteRun(Notation.Run(run)));

    public Decision Cancel(params ImmutableArray<int> runs) =>
        Do(new ThreadCommand.CancelRuns([.. runs.Select(Notation.Run)], Undo: false));

    /// <summary>A user stops runs, and lets tools that are at work come to their end.</summary>
    public Decision CancelAfterTools(params ImmutableArray<int> runs) =>
        Do(new ThreadCommand.CancelRuns([.. runs.Select(Notation.Run)], Undo: false) { AfterTools = true });

    /// <summary>A human says the run's number, and interrupts the run at work when its tools have ended.</summary>
    public Decision SendAfterTools(int run) => Submit(Request(run) with
    {
        Strategy = MultitaskStrategy.Interrupt,
        AfterTools = true,
        Input = Saying(run),
    });

    public Decision Undo(params ImmutableArray<int> runs) =>
        Do(new ThreadCommand.CancelRuns([.. runs.Select(Notation.Run)], Undo: true));

    /// <summary>The model asks for tools, and they start.</summary>
    public Decision ModelCalls(int tools = 1) => Step("agent", [Calling(tools)], "tools", starts: true);

    /// <summary>The model asks for a tool, and the process is not told to run it.</summary>
    public Decision ModelCallsWithoutStart() => Step("agent", [Calling(1)], "tools");

    /// <summary>The model asks for a tool, and the run stops before it, as its request says.</summary>
    public Decision ModelCallsAndPauses() => Step("agent", [Calling(1)], "tools", pauses: true);

    /// <summary>The first tool that is at work answers while others go on.</summary>
    public Decision ToolAnswers() => Do(new ThreadCommand.RecordToolResult(
        Holder, "tools", TestGraphs.Messages, Answering(Ledger.Working.OpenCalls[0].Id)));

    /// <summary>All tools have answered.</summary>
    public Decision ToolsEnd() =>
        Step("tools", [.. Ledger.Working.OpenCalls.Select(call => Answering(call.Id))], "agent");

    /// <summary>A node of the step is done while others are still at work; it wrote its name.</summary>
    public Decision NodeFinishes(string node) => Do(new ThreadCommand.RecordNode(
        Holder, new NodeWrites(node, [new ChannelWrite.SetValue("done", JsonElement.Parse($"\"{node}\""))])));

    /// <summary>The model answers, and nothing is left to do.</summary>
    public Decision ModelAnswers() => Step("agent", [Ai("An answer.")], next: null);

    /// <summary>The model has said the beginning of an answer.</summary>
    public void ModelStreams(string text) => Partials = [new PartialMessage("agent", TestGraphs.Messages, Ai(text))];

    /// <summary>Nodes ask a human; each question is named after its node.</summary>
    public Decision Asks(params ImmutableArray<string> nodes) => Do(new ThreadCommand.PauseRun(
        Holder, [.. nodes.Select(node => new PendingInterrupt($"ask-{node}", node, JsonElement.Parse("\"Sure?\"")))]));

    public Decision Fails() => Do(new ThreadCommand.FailRun(Holder, new NodeFailure("agent", "Boom", "It broke.")));

    /// <summary>Plays whichever run has the thread to its end, and the next, until nothing is left to do.</summary>
    public void PlayToTheEnd()
    {
        for (var moves = 0; Ledger.WakeAt is { } wakeAt; moves++)
        {
            if (moves > 1000)
                throw new InvalidOperationException($"Nothing comes to an end: run {Ledger.Holder} at '{Next}'.");

            var last = Ledger.Position.Values.MessagesOf(TestGraphs.Messages).Messages.LastOrDefault();
            if (Ledger.Holder is null)
                Pass(wakeAt - Now);
            else if (Next is "tools")
                ToolsEnd();
            else if (last?.Type is MessageType.Tool)
                ModelAnswers();
            else
                ModelCalls();
        }
    }

    /// <summary>One node ends its step.</summary>
    public Decision Step(
        string node, ImmutableArray<Message> messages, string? next, bool starts = false, bool pauses = false) =>
        Do(new ThreadCommand.CommitStep(
            Holder,
            [new NodeWrites(node, [.. messages.Select(m => new ChannelWrite.AppendMessage(TestGraphs.Messages, m))])],
            next is null ? [] : [next],
            starts ? [.. messages.SelectMany(message => message.ToolCalls).Select(call => call.Id)] : [],
            pauses));

    /// <summary>The config of a run that may take so long.</summary>
    public static JsonElement Within(TimeSpan limit) =>
        JsonElement.Parse($$"""{"timeout_ms":{{(int)limit.TotalMilliseconds}}}""");

    /// <summary>The settings of a run that may take so long, and waits so long for others that belong to it.</summary>
    public static JsonElement Within(TimeSpan limit, TimeSpan quiet, TimeSpan atMost) => JsonElement.Parse($$$"""
        {"timeout_ms":{{{(int)limit.TotalMilliseconds}}},
         "configurable":{"actorruns_debounce_ms":{{{(int)quiet.TotalMilliseconds}}},
                         "actorruns_debounce_max_ms":{{{(int)atMost.TotalMilliseconds}}}}}
        """);

    public static JsonElement Saying(int run) => JsonElement.Parse($$"""{"messages":"{{run}}"}""");

    public Message Ai(string text) => new()
    {
        Id = Ids.NewMessageId(),
        Type = MessageType.Ai,
        Content = MessageContent.Of(text),
    };

    public Message Calling(int tools) => Ai(string.Empty) with
    {
        ToolCalls = [.. Enumerable.Range(0, tools).Select(_ => new ToolCall($"c{++_calls}", "weather", default))],
    };

    public Message Answering(string call) => new()
    {
        Id = Ids.NewMessageId(),
        Type = MessageType.Tool,
        ToolCallId = call,
        Name = "weather",
        Status = ToolStatus.Success,
        Content = MessageContent.Of("Sunny."),
    };
}
