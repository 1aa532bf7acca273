using System.Text.Json;
using ActorRuns.Server.Agents;
using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Cluster.Tests;

/// <summary>Whichever member a client talks to, it is answered as the thread's owner would.</summary>
public sealed class AnyMemberSpec
{
    private static readonly DemoDelays Brisk = new(
        Model: TimeSpan.FromMilliseconds(300),
        Token: TimeSpan.FromMilliseconds(10),
        Tool: TimeSpan.FromMilliseconds(300));

    [Fact]
    public async Task A_second_message_through_another_member_interrupts_the_first()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(3, Brisk);
        var (owner, one, other) = (members[0], members[1], members[2]);
        var thread = await TestCluster.NewThreadAsync(owner, through: one);

        var first = await one.Client.StartUntilAsync(thread, RunBody.Ask("Oslo"), "messages");
        var answer = await other.Client.PostAsync(
            $"threads/{thread}/runs/wait", RunBody.Ask("Rome") with { Strategy = "interrupt" });

        Assert.Equal("interrupted", await TestCluster.EndAsync(one, thread, first));
        var messages = answer.GetProperty("messages").EnumerateArray().ToList();
        Assert.Contains("rome", messages[^1].GetProperty("content").ToString(), StringComparison.OrdinalIgnoreCase);
        var transcripts = new List<string>();
        foreach (var member in members)
            transcripts.Add(string.Join('\n', await member.Client.TranscriptAsync(thread)));
        Assert.Single(transcripts.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_about_one_thread_or_many_is_answered_by_every_member()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(3, ServerProcess.AtOnce);
        var threads = new List<string>();
        foreach (var owner in members)
        {
            var thread = await TestCluster.NewThreadAsync(owner, through: members[0]);
            await members[1].Client.PostAsync($"threads/{thread}/runs/wait", RunBody.Ask("Oslo"));
            threads.Add(thread);
        }

        foreach (var member in members)
        {
            var found = await member.Client.PostAsync("threads/search", new { ids = threads });
            Assert.Equal(threads.Order(), found.EnumerateArray().Select(IdOf).Order());
            Assert.All(found.EnumerateArray(), thread => Assert.NotEmpty(
                thread.GetProperty("values").GetProperty("messages").EnumerateArray()));
            var history = await member.Client.GetAsync($"threads/{threads[0]}/history");
            Assert.NotEmpty(history.EnumerateArray());
            var copy = IdOf(await member.Client.PostAsync($"threads/{threads[1]}/copy", new { }));
            Assert.NotEmpty(await member.Client.TranscriptAsync(copy));
            var stateless = await member.Client.PostAsync("runs/wait", RunBody.Ask("Rome"));
            Assert.NotEmpty(stateless.GetProperty("messages").EnumerateArray());
            await member.Client.PostAsync("store/items/search", new { namespace_prefix = Array.Empty<string>() });
            await member.Client.PostAsync("assistants/search", new { });
            await member.Client.PostAsync("runs/crons/search", new { });
        }

        var pruned = await members[2].Client.PostAsync("threads/prune", new { thread_ids = threads });
        Assert.Equal(3, pruned.GetProperty("pruned_count").GetInt32());
        foreach (var member in members)
        {
            var gone = await Assert.ThrowsAsync<HttpRequestException>(() =>
                member.Client.GetAsync($"threads/{threads[0]}"));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    [Fact]
    public async Task An_answer_without_a_body_is_handed_on_as_it_is()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, ServerProcess.Stuck);
        var thread = await TestCluster.NewThreadAsync(members[0], through: members[1]);
        var run = await members[1].Client.StartUntilAsync(thread, RunBody.Ask("Oslo").Taking(model: 0), "updates");

        var answer = await members[1].Client.PostAsync($"threads/{thread}/runs/{run}/cancel?wait=true", new { });

        Assert.Equal(JsonValueKind.Undefined, answer.ValueKind);
        Assert.All(members, member => Assert.DoesNotContain("[ERR]", member.Output));
    }

    [Fact]
    public async Task A_client_that_hangs_up_on_another_member_cancels_its_run_if_it_said_so()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, ServerProcess.Stuck);
        var thread = await TestCluster.NewThreadAsync(members[0], through: members[1]);
        var body = new
        {
            assistant_id = "agent",
            input = new { messages = new[] { new { role = "human", content = "hi" } } },
            on_disconnect = "cancel",
        };

        await foreach (var e in members[1].Client.StreamAsync(HttpMethod.Post, $"threads/{thread}/runs/stream", body))
        {
            if (e.EventType is "metadata")
                break;
        }

        var runs = await members[0].Client.GetAsync($"threads/{thread}/runs");
        var run = runs.EnumerateArray().Single().GetProperty("run_id").GetString()!;
        Assert.Equal("interrupted", await TestCluster.EndAsync(members[0], thread, run));
    }

    private static string IdOf(JsonElement thread) => thread.GetProperty("thread_id").GetString()!;
}
