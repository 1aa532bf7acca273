using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>A moment at which a server can be lost, and how to get a thread of a stuck server there.</summary>
/// <param name="Name">The moment, in words.</param>
/// <param name="Enter">Makes the runs, and returns at the moment: each run, and how it ends in the end.</param>
internal sealed record KillMoment(string Name, Func<WireClient, string, Task<(string Run, string EndsAs)[]>> Enter)
{
    /// <summary>Makes a thread that is at this moment.</summary>
    public async Task<KilledThread> EnterAsync(WireClient client)
    {
        var thread = await client.NewThreadAsync();
        return new KilledThread(Name, thread, await Enter(client, thread));
    }
}

/// <summary>A thread that was at a moment when the server was lost.</summary>
/// <param name="Moment">The moment.</param>
/// <param name="Id">The thread.</param>
/// <param name="Runs">Its runs, and how each ends when the server is back.</param>
internal sealed record KilledThread(string Moment, string Id, (string Run, string EndsAs)[] Runs);

/// <summary>Every moment that a thread can be in.</summary>
internal static class KillMoments
{
    private static readonly RunBody InModelCall = RunBody.Ask("SF");
    private static readonly RunBody InToolCall = RunBody.Ask("SF").Taking(model: 0);
    private static readonly RunBody Streaming = RunBody.Say("one two three").Taking(model: 0, token: 100);

    public static IReadOnlyList<KillMoment> All { get; } =
    [
        new("nothing was asked yet", (_, _) => Task.FromResult<(string, string)[]>([])),
        new("a run has ended", async (client, thread) =>
        {
            var run = await client.StartAsync(thread, RunBody.Say("hi") with { Assistant = "echo" });
            await client.GetAsync($"threads/{thread}/runs/{run}/join");
            return [(run, "success")];
        }),
        new("a run has failed", async (client, thread) =>
        {
            var run = await client.StartAsync(thread, RunBody.Say("explode").Taking(model: 0));
            await client.GetAsync($"threads/{thread}/runs/{run}/join");
            return [(run, "error")];
        }),
        new("a human was asked", async (client, thread) =>
        {
            var run = await client.StartAsync(thread, RunBody.Say("hi") with { Assistant = "approval" });
            await client.GetAsync($"threads/{thread}/runs/{run}/join");
            return [(run, "success")];
        }),
        new("a run is in its model call", async (client, thread) =>
            [(await client.StartUntilAsync(thread, InModelCall, "metadata"), "success")]),
        new("a run is in its tool call", async (client, thread) =>
            [(await client.StartUntilAsync(thread, InToolCall, "updates"), "success")]),
        new("a run streams its answer", async (client, thread) =>
            [(await client.StartUntilAsync(thread, Streaming, "messages"), "success")]),
        new("a run waits behind another one", async (client, thread) =>
        {
            var first = await client.StartUntilAsync(thread, InModelCall, "metadata");
            return [(first, "success"), (await client.StartAsync(thread, RunBody.Ask("NYC")), "success")];
        }),
        new("a run has interrupted another one", async (client, thread) =>
        {
            var first = await client.StartUntilAsync(thread, InToolCall, "updates");
            var second = await client.StartAsync(thread, RunBody.Ask("NYC") with { Strategy = "interrupt" });
            return [(first, "interrupted"), (second, "success")];
        }),
        new("a run was cancelled", async (client, thread) =>
        {
            var run = await client.StartUntilAsync(thread, InToolCall, "updates");
            await client.PostAsync($"threads/{thread}/runs/{run}/cancel?wait=1", new { });
            return [(run, "interrupted")];
        }),
        new("a run is due later", async (client, thread) =>
            [(await client.StartAsync(thread, RunBody.Ask("SF") with { AfterSeconds = 3600 }), "pending")]),
    ];
}
