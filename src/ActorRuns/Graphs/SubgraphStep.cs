using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using ActorRuns.Ids;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>One step of an inner graph: the nodes that are next and not done, side by side.</summary>
/// <param name="graph">The inner graph.</param>
/// <param name="outer">What the node was given that the inner graph is.</param>
/// <param name="position">How far the inner graph has come.</param>
/// <param name="isResumed">True when another attempt may have been at this step.</param>
internal sealed class SubgraphStep(AgentGraph graph, NodeContext outer, SubgraphPosition position, bool isResumed)
{
    private readonly string _namespace = outer.Namespace;
    private readonly ChannelValues _state =
        position.Writes.Aggregate(outer.State, (values, write) => values.With(write));

    /// <summary>Executes it.</summary>
    /// <returns>The position after it, when that is durable.</returns>
    /// <exception cref="GraphInterruptException">A node asks a human; what the others did is recorded.</exception>
    public async Task<SubgraphPosition> RunAsync(CancellationToken cancellationToken)
    {
        var done = position.Finished.ToDictionary(node => node.Node, StringComparer.Ordinal);
        var outcomes = await Task.WhenAll(
            position.Next.Where(node => !done.ContainsKey(node)).Select(node => ExecuteAsync(node, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();

        var isWhole = outcomes.All(outcome => outcome.Fault is null);
        foreach (var (ran, _) in outcomes.Where(outcome => outcome.Fault is null))
        {
            done[ran.Node] = ran;
            if (!isWhole)
                outer.Record(_namespace, ran, isDone: true);
        }

        if (!isWhole)
            Throw([.. outcomes.Select(outcome => outcome.Fault).OfType<Exception>()]);

        ImmutableArray<NodeWrites> all = [.. position.Next.Select(node => done[node])];
        all = graph.Shape.ReduceStep(_state, all);
        var after = all.SelectMany(ran => ran.Writes).Aggregate(_state, (values, write) => values.With(write));
        return await outer.CommitAsync(
            new InnerStep(_namespace, position, all, graph.Next(position.Next, after)), cancellationToken);
    }

    private async Task<(NodeWrites Ran, Exception? Fault)> ExecuteAsync(
        string task, CancellationToken cancellationToken)
    {
        await Task.Yield(); // A node that works before its first await must not hold up the others.
        var node = NextTasks.NodeOf(task);
        var place = new NodePlace(_namespace, node, position.Step + 1, RuntimeIds.TaskId(position.Checkpoint, task));
        var known = graph.Find(node)!; // The graph names its own nodes.
        var context = new InnerNodeContext(outer, place, known.Seen(_state), isResumed)
        {
            Input = position.Inputs.GetValueOrDefault(task),
        };
        try
        {
            cancellationToken.ThrowIfCancellationRequested(); // Its turn came when it had been told to end.
            var update = await known.ExecuteAsync(context, cancellationToken);
            return (new NodeWrites(task, [.. update.Writes.Where(write => !context.HasRecorded(write))]), null);
        }
#pragma warning disable CA1031 // It is thrown on when the others are done.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return (new NodeWrites(task, []), fault);
        }
    }

    private static void Throw(ImmutableArray<Exception> faults)
    {
        if (faults.FirstOrDefault(fault => fault is not GraphInterruptException) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        throw new GraphInterruptException(
            [.. faults.OfType<GraphInterruptException>().SelectMany(question => question.Interrupts)]);
    }
}
