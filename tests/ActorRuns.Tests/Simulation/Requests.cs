using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <summary>What clients think of next: any request, in any order, with anything that may be asked of a run.</summary>
/// <param name="random">Decides.</param>
/// <param name="threads">The threads that they talk to.</param>
/// <param name="laws">Knows which runs there are.</param>
internal sealed class Requests(Random random, ImmutableArray<ThreadId> threads, DurableLaws laws)
{
    private static readonly string[] Texts =
        ["hello", "call 1", "call 2", "hold", "think", "ask", "fail", "call 3", "book 1", "book 2", "pay 1", "inner"];

    // Not "repeat": what must not run twice then never does.
    private static readonly string[] Answers =
        ["\"yes\"", "\"approve\"", "\"reject\"", "\"give_up\"", """{"action":"edit","args":{"a":1}}"""];

    private readonly Dictionary<string, RunRequest> _keyed = new(StringComparer.Ordinal);
    private readonly List<CheckpointId> _heads = [];

    public IThreadMessage Next()
    {
        var thread = Any(threads);
        var ledger = laws.LedgerOf(thread);
        Remember(ledger);
        return random.Next(26) switch
        {
            0 or 1 when ledger.Order.Count > 0 => Stop(thread, ledger),
            2 when ledger.Order.Count > 0 => new DeleteRun(thread, Any(ledger.Order)),
            3 when random.Next(4) is 0 => new DeleteThread(thread),
            4 => Look(thread, ledger),
            5 => new PatchThread(thread, RunRequest.NoMetadata.Add("seen", JsonElement.Parse("1"))),
            6 or 7 when ledger.Queue.Count > 0 => Requeue(thread, ledger),
            8 => EditState(thread),
            9 or 10 or 11 => Submit(thread, Run() with { Input = default, Command = Command() }),
            12 when ledger.Exists => new CopyThread(thread, Any(threads)),
            _ => Submit(thread, Run()),
        };
    }

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private StopRuns Stop(ThreadId thread, ThreadLedger ledger) => new(
        thread,
        random.Next(3) is 0 ? [Any(ledger.Order), Any(ledger.Order)] : [Any(ledger.Order)],
        Undo: random.Next(2) is 0,
        Wait: random.Next(2) is 0);

    private IThreadMessage Look(ThreadId thread, ThreadLedger ledger) => random.Next(6) switch
    {
        0 => new ReadHistory(thread),
        1 => new ReadPast(thread, null),
        2 when ledger.Order.Count > 0 => new OpenStream(thread, Any(ledger.Order)),
        3 when random.Next(3) is 0 => new PruneHistory(thread),
        _ => new ReadThread(thread),
    };

    private IThreadMessage Requeue(ThreadId thread, ThreadLedger ledger) => random.Next(3) switch
    {
        0 => new EditRun(thread, Any(ledger.Queue), new RunEdit
        {
            Input = Said(),
            Delay = random.Next(3) is 0 ? TimeSpan.FromMilliseconds(random.Next(5_000)) : null,
        }),
        1 => new ReorderQueue(thread, [.. ledger.Queue.Reverse()]),
        _ => new PromoteRun(thread, Any(ledger.Queue), (MultitaskStrategy)random.Next(4)),
    };

    private EditState EditState(ThreadId thread) => new(
        thread, new StateEdit([Said()], random.Next(2) is 0 ? "agent" : null), From());

    private SubmitRun Submit(ThreadId thread, RunRequest request)
    {
        var submit = new SubmitRun(thread, Keyed(request), RunRequest.NoMetadata, CreatesThread: true)
        {
            From = From(),
        };
        if (random.Next(10) is not 0)
            return submit;

        submit = submit with { IfStatus = [(ThreadStatus)random.Next(4), ThreadStatus.Idle] };
        laws.Want(submit.Request.RunId, submit.IfStatus);
        return submit;
    }

    private GraphCommand Command() => random.Next(5) switch
    {
        0 => new GraphCommand(default, Said(), []),
        1 => new GraphCommand(default, default, [Any(["tools", "__end__"])]),
        _ => new GraphCommand(JsonElement.Parse(Any(Answers)), default, []),
    };

    private RunRequest Run() => new()
    {
        RunId = new RunId(NewGuid()),
        AssistantId = RuntimeIds.SystemAssistant(PlayedGraph.Id),
        GraphId = PlayedGraph.Id,
        Strategy = (MultitaskStrategy)random.Next(4),
        Steers = random.Next(6) is 0,
        Delay = random.Next(5) is 0 ? TimeSpan.FromMilliseconds(random.Next(5_000)) : TimeSpan.Zero,
        Input = Said(),
        InterruptBefore = random.Next(12) is 0 ? ["tools"] : [],
        InterruptAfter = random.Next(20) is 0 ? ["*"] : [],
        Config = Config(),
    };

    private JsonElement Config() => random.Next(8) switch
    {
        0 => JsonElement.Parse("""{"configurable":{"actorruns_debounce_ms":700}}"""),
        1 => JsonElement.Parse(string.Create(
            CultureInfo.InvariantCulture, $$"""{"timeout_ms":{{random.Next(500, 20_000)}}}""")),
        _ => default,
    };

    /// <summary>Some requests come under a key, some under one that was used, with the same words or others.</summary>
    private RunRequest Keyed(RunRequest request)
    {
        if (random.Next(6) is not 0)
            return request;

        var key = string.Create(CultureInfo.InvariantCulture, $"key-{random.Next(6)}");
        if (random.Next(2) is 0 && _keyed.TryGetValue(key, out var known))
            request = known with { RunId = request.RunId };
        var idempotency = new Idempotency(key, $"{request.Strategy} {request.Input} {request.Delay} {request.Steers}");
        return _keyed[key] = request with { Idempotency = idempotency };
    }

    private JsonElement Said() => JsonSerializer.SerializeToElement(new { messages = Any(Texts) });

    private CheckpointId? From() => _heads.Count > 0 && random.Next(12) is 0 ? Any(_heads) : null;

    private void Remember(ThreadLedger ledger)
    {
        if (ledger.Position.Head is { } head && !_heads.Contains(head.Id))
            _heads.Add(head.Id);
    }

    private T Any<T>(IReadOnlyList<T> many) => many[random.Next(many.Count)];
}
