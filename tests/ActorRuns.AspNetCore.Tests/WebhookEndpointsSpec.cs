using System.Net;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The parameter <c>webhook</c> of a run, and what is seen of it.</summary>
public sealed class WebhookEndpointsSpec : ApiTest
{
    private const string Hook = "https://user.example/hook?key=1";
    private const string Option = $""","webhook":"{Hook}" """;

    [Fact]
    public async Task A_run_shows_what_it_will_call_and_what_came_of_it()
    {
        var thread = await NewThreadAsync();
        var run = await FinishedRunAsync(thread, options: Option);
        var path = $"/threads/{thread}/runs/{run}";

        var waiting = (await GetAsync(path)).Json;
        Assert.Equal(Hook, waiting.GetProperty("kwargs").GetProperty("webhook").GetString());
        Assert.Equal("pending", waiting.GetProperty("metadata").GetProperty("actorruns_webhook").GetString());

        Hooks.Next().Take();

        var told = await OutcomeAsync(path);
        Assert.Equal("delivered", told);
    }

    [Fact]
    public async Task A_stateless_run_is_gone_once_its_webhook_was_told()
    {
        var waiting = PostAsync("/runs/wait", Say("hi", Option));
        Graph.Next().Answer("done");
        await waiting;
        var call = Hooks.Next();
        var thread = $"/threads/{call.Thread}";

        Assert.Equal(RunStatus.Success, call.Owed.Run.Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(thread)).Status);
        call.Take();

        while ((await GetAsync(thread)).Status is HttpStatusCode.OK)
            await Task.Yield();
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"/relative\"")]
    [InlineData("\"ftp://a.example/\"")]
    [InlineData("\"file:///etc/passwd\"")]
    [InlineData("\"https://user:password@a.example/\"")]
    [InlineData("7")]
    public async Task What_cannot_be_called_is_refused_by_name(string webhook)
    {
        var answer = await PostAsync("/runs", Say("hi", $""","webhook":{webhook}"""));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("webhook", out _));
    }

    [Fact]
    public async Task The_runs_of_a_cron_tell_the_webhook_of_the_cron()
    {
        var cron = await PostAsync("/runs/crons", Say("hi", $""","schedule":"* * * * *"{Option}"""));

        Assert.Equal(Hook, cron.Json.GetProperty("payload").GetProperty("webhook").GetString());
    }

    private async Task<string?> OutcomeAsync(string path)
    {
        while (true)
        {
            var metadata = (await GetAsync(path)).Json.GetProperty("metadata");
            if (metadata.GetProperty("actorruns_webhook").GetString() is not "pending" and var status)
                return status;
        }
    }
}
