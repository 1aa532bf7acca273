using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Store;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>What a node learns of its run, and what it shares with others outside of the thread.</summary>
public sealed class NodeContextSpec() : GraphRunsTest(_ => Counting())
{
    [Fact]
    public void A_node_sees_the_tags_and_the_metadata_of_its_run()
    {
        var request = Request() with
        {
            Config = Json("""{"tags":["blue",7,"green"]}"""),
            Metadata = None.Add("user", Json("\"u1\"")),
        };

        var ended = EndedBy(Begin("go", request), 1);

        Assert.Equal("\"blue green of u1\"", Value(ended, "told"));
    }

    [Fact]
    public void What_one_thread_puts_into_the_store_another_one_finds()
    {
        EndedBy(Begin("go"), 1);

        var second = EndedBy(Begin("go"), 1);

        Assert.Equal("2", Value(second, "count"));
    }

    private static AgentGraph Counting() => AgentGraph.Create("counting")
        .Node("count", CountAsync)
        .Edge(GraphNodes.Start, "count")
        .Build();

    private static async Task<NodeUpdate> CountAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Assert.True(ItemNamespace.TryCreate(["counters"], out var space));
        var known = await context.Store.GetAsync(space, "runs", refreshesTtl: false, cancellationToken);
        var count = (known?.Value.GetProperty("n").GetInt32() ?? 0) + 1;
        var value = JsonSerializer.SerializeToElement(new { n = count });
        await context.Store.PutAsync(space, "runs", value, ttl: null, cancellationToken);
        var user = context.Metadata.TryGetValue("user", out var id) ? id.GetString() : "nobody";
        var told = $"{string.Join(' ', context.Settings.Tags)} of {user}";
        return NodeUpdate.None
            .With("count", JsonSerializer.SerializeToElement(count))
            .With("told", JsonSerializer.SerializeToElement(told));
    }
}
