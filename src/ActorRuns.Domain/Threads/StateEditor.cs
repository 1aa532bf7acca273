using System.Collections.Immutable;
using ActorRuns.Graphs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>The rules for changes of the state from outside of any run.</summary>
internal static class StateEditor
{
    /// <summary>Adds the fact of a change, or tells why it cannot be.</summary>
    public static Refusal? Apply(ThreadDraft draft, StateEdit edit, Checkpoint? from)
    {
        if (draft.Ledger.Graph is not { } graph)
            return new Refusal.InvalidInput("as_node", "a thread that a graph belongs to: this one has had no run");
        if (draft.Context.Graphs.Find(graph) is not { } shape)
            return new Refusal.UnknownGraph(graph);

        var head = from ?? draft.Ledger.Position.Head;
        var parts = ImmutableArray.CreateBuilder<NodeWrites>();
        foreach (var part in (ImmutableArray<StateEdit>)[edit, .. edit.Beside])
        {
            var named = part.AsNode ?? (head is { Ran: [.., var last] } ? NextTasks.NodeOf(last) : GraphNodes.Start);
            var (read, refusal) = Read(draft, shape, part, named);
            if (refusal is not null)
                return refusal;
            parts.Add(new NodeWrites(named, read));
        }

        var values = head?.Values ?? ChannelValues.Empty;
        ImmutableArray<ChannelWrite> writes;
        try
        {
            writes = [.. shape.ReduceStep(values, parts.ToImmutable()).SelectMany(part => part.Writes)];
        }
        catch (InvalidUpdateException unfit)
        {
            return new Refusal.InvalidInput("values", $"values that the channels can take ({unfit.Message})");
        }

        values = writes.Aggregate(values, (state, write) => state.With(write));
        var (targets, noWay) = NextOf(shape, edit, [.. parts.Select(part => part.Node)], values);
        if (noWay is not null)
            return noWay;

        var node = parts[^1].Node;
        var step = head is null ? -1 : head.Step + 1;
        var source = node is StateEdit.Input ? CheckpointSource.Input : CheckpointSource.Update;
        var id = draft.Context.Ids.NewCheckpointId(draft.Context.Now, step, draft.Ledger.Newest);
        draft.Add(new StateUpdated(id, step, source, node, writes, targets.Tasks, from, Origin: null)
        {
            Inputs = targets.Inputs,
        });
        return null;
    }

    private static (ImmutableArray<ChannelWrite> Writes, Refusal? Refusal) Read(
        ThreadDraft draft, GraphShape shape, StateEdit edit, string node)
    {
        if (node is StateEdit.Input)
            return ([], null); // What the input is comes with the start; before it, nothing of it is there.

        var writes = ImmutableArray.CreateBuilder<ChannelWrite>();
        foreach (var values in edit.Values)
        {
            var (read, refusal) = InputReader.Read(shape, "values", values, draft.Context.Ids.NewMessageId);
            if (refusal is not null)
                return ([], refusal);
            writes.AddRange(read);
        }

        return (writes.ToImmutable(), null);
    }

    /// <summary>What follows the nodes, and what the edits say besides.</summary>
    private static (NextTasks Next, Refusal? Refusal) NextOf(
        GraphShape shape, StateEdit edit, ImmutableArray<string> ran, ChannelValues values)
    {
        ImmutableArray<StateEdit> parts = [edit, .. edit.Beside];
        var nodes = parts.SelectMany(part => part.Goto).Where(to => to != GraphNodes.End).ToList();
        var sends = parts.SelectMany(part => part.Sends).ToList();
        if (nodes.Concat(sends.Select(send => send.Node)).FirstOrDefault(to => !IsKnown(to)) is { } unknown)
        {
            return (NextTasks.None, new Refusal.InvalidInput(
                "command.goto", $"nodes of graph '{shape.Id}', which has no '{unknown}'"));
        }

        foreach (var node in ran)
        {
            if (!TryRoute(shape, node, values, out var next, out var fault))
            {
                return (NextTasks.None, new Refusal.InvalidInput(
                    "values", $"values that the branch after '{node}' can take ({fault})"));
            }

            if (next is null)
                return (NextTasks.None, new Refusal.InvalidInput("as_node", $"a node of graph '{shape.Id}'"));
            nodes.AddRange(next.Tasks.Where(task => !next.Inputs.ContainsKey(task)));
            sends.AddRange(next.Tasks.Where(next.Inputs.ContainsKey)
                .Select(task => new Send(NextTasks.NodeOf(task), next.Inputs[task])));
        }

        return (NextTasks.Of(nodes.Distinct(StringComparer.Ordinal), sends), null);

        bool IsKnown(string node) => !TryRoute(shape, node, values, out var next, out _) || next is not null;
    }

    private static bool TryRoute(
        GraphShape shape, string node, ChannelValues values, out NextTasks? next, out string? fault)
    {
        (next, fault) = (null, null);
        try
        {
            next = Next(shape, node, values);
            return true;
        }
#pragma warning disable CA1031 // A branch is a user's code: what it throws at these values says why they cannot be.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            fault = thrown.Message;
            return false;
        }
    }

    private static NextTasks? Next(GraphShape shape, string node, ChannelValues values) => node switch
    {
        StateEdit.Input => NextTasks.Of([GraphNodes.Start], []),
        GraphNodes.Start => NextTasks.Of(shape.Entry, []),
        _ => shape.NextAfter(node, values),
    };
}
