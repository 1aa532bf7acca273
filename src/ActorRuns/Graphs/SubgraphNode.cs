using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>
/// Executes a whole graph as one node of another, on the same channels: step by step, each durable before the next
/// begins. It goes on from its last step after a crash, and from its question when a human has answered; what it wrote
/// becomes the thread's state when all of it is done.
/// </summary>
/// <param name="graph">The inner graph.</param>
internal sealed class SubgraphNode(AgentGraph graph)
{
    public async Task<NodeUpdate> RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var name = context.Namespace;
        var begun = context.SubgraphAt(name);
        var start = new InnerStep(
            name,
            null,
            [new NodeWrites(GraphNodes.Start, [.. graph.Shape.DefaultsFor(context.State)])],
            graph.Next([GraphNodes.Start], context.State));
        var position = begun ?? await context.CommitAsync(start, cancellationToken);

        while (!position.Next.IsEmpty)
        {
            if (position.Step >= context.Settings.RecursionLimit)
            {
                throw new GraphRecursionException(
                    $"Graph '{graph.Id}' took {position.Step} steps without coming to an end.");
            }

            var step = new SubgraphStep(graph, context, position, isResumed: ReferenceEquals(position, begun));
            position = await step.RunAsync(cancellationToken);
        }

        return new NodeUpdate([.. position.Writes]);
    }
}
