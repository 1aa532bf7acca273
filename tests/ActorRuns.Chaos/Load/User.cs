using System.Globalization;
using System.Net;
using System.Text.Json;
using ActorRuns.Chaos.Member;
using ActorRuns.Chaos.World;

namespace ActorRuns.Chaos.Load;

/// <summary>Someone who writes faster than the agent answers, in a few conversations at the same time.</summary>
internal sealed class User : IDisposable
{
    // Enqueue and interrupt are what people use; the others are there often enough.
    private static readonly string[] Strategies =
        ["enqueue", "enqueue", "interrupt", "interrupt", "interrupt", "rollback", "reject"];

    private static readonly string[] Works =
    [
        ChaosTools.Look,
        ChaosTools.Note,
        ChaosTools.Pay,
        $"{ChaosTools.Note} {ChaosTools.Pay}",
        $"{ChaosTools.Look} {ChaosTools.Note}",
    ];

    private readonly int _number;
    private readonly Chance _chance;
    private readonly Accepted _accepted;
    private readonly Findings _findings;
    private readonly ChaosClient _client;
    private readonly List<string> _threads;
    private readonly List<Task> _reading = [];
    private int _said;

    public User(int number, ChaosOptions options, ChaosMembers members, Accepted accepted, Findings findings)
    {
        (_number, _accepted, _findings) = (number, accepted, findings);
        _chance = Chance.For(options.Seed, "user", number);
        _client = new ChaosClient(members, Chance.For(options.Seed, "client", number), findings);
        _threads = [.. Enumerable.Range(0, options.ThreadsPerUser).Select(_ => _chance.Id())];
    }

    /// <summary>The conversations.</summary>
    public IReadOnlyList<string> Threads => _threads;

    /// <summary>Writes until it is told to stop, and returns when all streams were read to their end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        foreach (var thread in _threads)
            await _client.AskAsync(HttpMethod.Post, "threads", new { thread_id = thread, if_exists = "do_nothing" });
        while (!stopping.IsCancellationRequested)
        {
            var thread = _chance.Of(_threads);
            if (await SayAsync(thread) is { } run)
            {
                if (_chance.Percent(60))
                    _reading.Add(ReadAsync(run));
                if (_chance.Percent(10))
                    await CancelAsync(run);
            }

            if (_chance.Percent(20))
                await AnswerAsync(thread);
            await Task.Delay(_chance.Milliseconds(0, 600), TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(_reading);
    }

    /// <summary>Answers what a conversation asks: a payment that may have been made is given up.</summary>
    /// <returns>True when the conversation rests: no run is at work, and nothing is asked.</returns>
    public async Task<bool> AnswerAsync(string thread)
    {
        var (_, body) = await _client.AskAsync(HttpMethod.Get, $"threads/{thread}");
        var status = body.ValueKind is JsonValueKind.Object ? body.GetProperty("status").GetString() : null;
        if (status is not "interrupted")
            return status is "idle" or "error";
        var asked = body.GetProperty("interrupts").EnumerateObject()
            .SelectMany(task => task.Value.EnumerateArray())
            .ToDictionary(question => question.GetProperty("id").GetString()!, _ => "give_up", StringComparer.Ordinal);
        if (asked.Count is 0)
            return true;
        _findings.Count("questions to a human");
        var answer = new { assistant_id = "agent", command = new { resume = asked }, multitask_strategy = "reject" };
        var (said, run) = await _client.AskAsync(HttpMethod.Post, $"threads/{thread}/runs", answer);
        if (said is HttpStatusCode.OK)
            _accepted.Add(new AcceptedRun(thread, run.GetProperty("run_id").GetString()!, "reject", null));
        return false;
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task<AcceptedRun?> SayAsync(string thread)
    {
        var strategy = _chance.Of(Strategies);
        var text = string.Create(CultureInfo.InvariantCulture, $"m{_number}.{_said++} {_chance.Of(Works)}");
        var (status, body) = await _client.AskAsync(HttpMethod.Post, $"threads/{thread}/runs", new
        {
            assistant_id = "agent",
            input = new { messages = new[] { new { role = "human", content = text } } },
            multitask_strategy = strategy,
            stream_mode = (string[])["values", "updates"],
        });
        if (status is HttpStatusCode.Conflict && strategy is "reject")
        {
            _findings.Count("refused by strategy");
            return null;
        }

        if (status is not HttpStatusCode.OK)
        {
            _findings.Fault($"'{text}' with {strategy} was answered {(int)status}: {body}");
            return null;
        }

        _findings.Count($"accepted: {strategy}");
        var run = new AcceptedRun(thread, body.GetProperty("run_id").GetString()!, strategy, text);
        _accepted.Add(run);
        return run;
    }

    private async Task CancelAsync(AcceptedRun run)
    {
        await Task.Delay(_chance.Milliseconds(0, 300), TimeProvider.System);
        var path = $"threads/{run.ThreadId}/runs/{run.RunId}/cancel?wait=true";
        var (status, body) = await _client.AskAsync(HttpMethod.Post, path, new { });
        _findings.Count("cancels");
        _findings.FaultIf(
            status is not (HttpStatusCode.OK or HttpStatusCode.NoContent
                or HttpStatusCode.NotFound or HttpStatusCode.Conflict),
            $"the cancel of {run.RunId} was answered {(int)status}: {body}");
    }

    private async Task ReadAsync(AcceptedRun run) => _accepted.Add(await _client.ReadAsync(run));
}
