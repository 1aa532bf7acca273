using System.Collections.Immutable;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>The facts of one decision in the making, and the ledger as it will be with them.</summary>
internal sealed class ThreadDraft(ThreadLedger ledger, DecisionContext context)
{
    private readonly ImmutableArray<ThreadEvent>.Builder _facts = ImmutableArray.CreateBuilder<ThreadEvent>();

    /// <summary>The ledger with the facts so far.</summary>
    public ThreadLedger Ledger { get; private set; } = ledger;

    /// <summary>What the decision knows beside the ledger.</summary>
    public DecisionContext Context { get; } = context;

    /// <summary>Adds a fact, stamped with the time of the decision.</summary>
    public void Add(ThreadEvent fact)
    {
        var stamped = fact with { At = Context.Now };
        _facts.Add(stamped);
        Ledger = Ledger.Apply(stamped);
        foreach (var end in RunJoin.EndsWith(stamped, Ledger))
            Add(end);
    }

    /// <summary>Adds a fact of another thread, with the time that it has there.</summary>
    public void Import(StateUpdated revision)
    {
        _facts.Add(revision);
        Ledger = Ledger.Apply(revision);
    }

    /// <summary>Adds what a node, or an input, wrote.</summary>
    public void Write(RunId run, string node, IEnumerable<ChannelWrite> writes)
    {
        foreach (var write in writes)
            Write(run, node, write);
    }

    /// <summary>Adds what an input, or a command, writes to the channels of a graph.</summary>
    /// <exception cref="InvalidUpdateException">A channel's function does not take it.</exception>
    public void WriteInput(RunId run, GraphShape shape, IEnumerable<ChannelWrite> writes)
    {
        Write(run, GraphNodes.Start, shape.DefaultsFor(Ledger.Working).ToList());
        foreach (var write in writes)
            Write(run, GraphNodes.Start, shape.Reduce(Ledger.Working, write));
    }

    /// <summary>Makes a revision of what was written so far.</summary>
    public void Commit(RunId run, CheckpointSource source, ImmutableArray<string> ran, NextTasks next)
    {
        var head = Ledger.Position.Head;
        var step = head is null ? -1 : head.Step + 1;
        var id = Context.Ids.NewCheckpointId(Context.Now, step, Ledger.Newest);
        Add(new StepCommitted(run, id, step, source, ran, next.Tasks) { Inputs = next.Inputs });
    }

    /// <summary>Makes a revision of what a step wrote that will never be complete; without such writes, nothing.</summary>
    public void CommitLooseWrites(RunId run)
    {
        if (Ledger.Working != Ledger.Position.Values)
            Commit(run, CheckpointSource.Update, ran: [], Ledger.Position.Tasks);
    }

    /// <summary>The decision: the facts together, or to ignore the command when there are none.</summary>
    public Decision Decide() => _facts.Count is 0 ? new Decision.Ignore() : new Decision.Accept(_facts.ToImmutable());

    private void Write(RunId run, string node, ChannelWrite write)
    {
        switch (write)
        {
            case ChannelWrite.AppendMessage(var channel, var message)
                when ReferenceEquals(Ledger.Working.MessagesOf(channel).Find(message.Id), message):
                break; // A tool's result that was recorded while others were at work comes again with its step.
            case ChannelWrite.AppendMessage(var channel, var message) when Ledger.Working.IsAwaited(channel, message):
                Add(new ToolCallFinished(run, node, channel, message));
                break;
            case ChannelWrite.AppendMessage(var channel, var message):
                Add(new MessageAppended(run, node, channel, message));
                break;
            case ChannelWrite.RemoveMessage(var channel, ChannelWrite.RemoveMessage.All):
                foreach (var message in Ledger.Working.MessagesOf(channel).NewestFirst)
                    Add(new MessageRemoved(run, node, channel, message.Id));
                break;
            case ChannelWrite.RemoveMessage(var channel, var messageId):
                Add(new MessageRemoved(run, node, channel, messageId));
                break;
            case ChannelWrite.SetValue(var channel, var value):
                Add(new ChannelWritten(run, node, channel, value));
                break;
            case ChannelWrite.AppendItems(var channel, var items):
                Add(new ChannelAppended(run, node, channel, items));
                break;
            case ChannelWrite.ReduceValue(var channel, var update, var value):
                Add(new ChannelReduced(run, node, channel, update, value));
                break;
        }
    }
}
