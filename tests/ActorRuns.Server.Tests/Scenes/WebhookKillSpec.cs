using System.Text.Json;
using ActorRuns.AspNetCore.Tests.Webhooks;
using ActorRuns.Server.Tests.Processes;
using Microsoft.AspNetCore.Http;
using Xunit;
using static ActorRuns.Server.Tests.Processes.WireClient;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>A webhook that was not told before <c>kill -9</c> is told after the next start.</summary>
public sealed class WebhookKillSpec
{
    [Fact]
    public async Task What_was_not_taken_before_the_server_was_killed_is_told_after_its_next_start_under_the_same_id()
    {
        var takes = false;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref takes)
                ? StatusCodes.Status200OK
                : StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        var thread = await before.Client.NewThreadAsync();
        var run = await before.Client.StartAsync(thread, RunBody.Ask("SF") with { Webhook = receiver.Address });
        var refused = await receiver.NextAsync();

        await before.KillAsync();
        Volatile.Write(ref takes, true);
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        var told = await receiver.NextAsync();
        Assert.Equal((run, run), (refused.Headers["webhook-id"], told.Headers["webhook-id"]));
        var body = JsonElement.Parse(told.Body);
        Assert.Equal("success", Text(body, "status"));
        Assert.Equal(4, body.GetProperty("values").GetProperty("messages").GetArrayLength());
    }
}
