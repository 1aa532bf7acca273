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
        var node = edit.AsNode ?? (head is { Ran: [.., var last] } ? NextTasks.NodeOf(last) : GraphNodes.Start);
        var (writes, refusal) = Read(draft, shape, edit, node);
        if (refusal is not null)
            return refusal;

        var values = head?.Values ?? ChannelValues.Empty;
        try
        {
            writes = shape.ReduceStep(values, [new NodeWrites(node, writes)])[0].Writes;
        }
        catch (InvalidUpdateException unfit)
        {
            return new Refusal.InvalidInput("values", $"values that the channels can take ({unfit.Message})");
        }

        values = writes.Aggregate(values, (state, write) => state.With(write));
        if (!TryRoute(shape, node, values, out var next, out var fault))
            return new Refusal.InvalidInput("values", $"values that the branch after '{node}' can take ({fault})");
        if (next is not { } targets)
            return new Refusal.InvalidInput("as_node", $"a node of graph '{graph}'");

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
