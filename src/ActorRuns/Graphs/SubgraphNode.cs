using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>
/// Executes a whole graph as one node of another: on the same channels, and as one step, durable when all of it is
/// done. After a crash, or when a human has answered, it begins at its start again.
/// </summary>
/// <param name="graph">The inner graph.</param>
internal sealed class SubgraphNode(AgentGraph graph)
{
    public async Task<NodeUpdate> RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var writes = ImmutableArray.CreateBuilder<ChannelWrite>();
        var state = context.State;
        var next = graph.Next([GraphNodes.Start], state);
        for (var step = 0; !next.IsEmpty; step++)
        {
            if (step >= context.Settings.RecursionLimit)
                throw new InvalidOperationException($"Graph '{graph.Id}' took {step} steps without coming to an end.");

            // One after another, so that the questions of several nodes are asked in the same order each time.
            var before = state;
            foreach (var node in next)
            {
                var inner = graph.Find(node)!; // The graph names only nodes that it has.
                var update = await inner.Run(new InnerContext(context, node, before, step), cancellationToken);
                writes.AddRange(update.Writes);
                state = update.Writes.Aggregate(state, (values, write) => values.With(write));
            }

            next = graph.Next(next, state);
        }

        return new NodeUpdate(writes.ToImmutable());
    }

    /// <summary>The outer context, with the state as the inner graph has come to see it.</summary>
    private sealed class InnerContext : NodeContext
    {
        private readonly NodeContext _outer;

        [SetsRequiredMembers]
        public InnerContext(NodeContext outer, string node, ChannelValues state, int step)
        {
            _outer = outer;
            ThreadId = outer.ThreadId;
            Run = outer.Run;
            Attempt = outer.Attempt;
            Node = $"{outer.Node}/{node}";
            State = state;
            Settings = outer.Settings;
            Time = outer.Time;
            IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"{outer.IdempotencyKey}/{step}/{node}");
        }

        public override string NewMessageId() => _outer.NewMessageId();

        public override void WriteCustom(JsonElement value) => _outer.WriteCustom(value);

        public override void WriteChunk(MessageChunk chunk) => _outer.WriteChunk(chunk);

        public override void RecordResult(Message toolMessage)
        {
            // The message that asked for it is not durable before the step is: nor can its result be.
        }

        public override JsonElement Interrupt(JsonElement question) => _outer.Interrupt(question);

        public override JsonElement Interrupt(JsonElement question, string name) =>
            _outer.Interrupt(question, $"{Node}/{name}");

        internal override string ToolKey => _outer.ToolKey;

        internal override bool MayHaveLostCalls => _outer.StepWasLost;

        internal override bool StepWasLost => _outer.StepWasLost;

        internal override void Watch(ToolCall call, Task work, CancellationToken told) =>
            _outer.Watch(call, work, told);
    }
}
