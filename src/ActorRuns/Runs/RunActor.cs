using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Threads;

namespace ActorRuns.Runs;

/// <summary>
/// Executes one attempt of one run: the nodes that are next, step by step. It decides nothing: each finished step goes
/// to its parent, the thread, and the next one begins when the parent says that it is durable.
/// </summary>
/// <remarks>
/// The work runs in a task of its own whose outcome is piped back. Stopping the actor cancels that work at once; what
/// ignores the cancellation can do no harm, since nobody accepts its result.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer holds nothing; late work may still use it.")]
internal sealed class RunActor : UntypedActor
{
    private readonly RunAssignment _assignment;
    private readonly AgentGraph _graph;
    private readonly RuntimeServices _services;
    private readonly RunSettings _settings;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Dictionary<string, NodeResult> _results = new(StringComparer.Ordinal);

    private readonly Dictionary<string, TaskCompletionSource<SubgraphPosition>> _innerSteps =
        new(StringComparer.Ordinal);

    private ChannelValues _state;
    private ThreadPosition _position;
    private int _steps;

    public RunActor(RunAssignment assignment, AgentGraph graph, RuntimeServices services)
    {
        _assignment = assignment;
        _graph = graph;
        _services = services;
        _settings = new RunSettings(assignment.Request.Config);
        _state = assignment.State;
        _position = assignment.Position;
    }

    public static Props Props(RunAssignment assignment, AgentGraph graph, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new RunActor(assignment, graph, services));

    protected override void PreStart()
    {
        // A run that goes on from what another one left has been asked about its first nodes already.
        var isFresh = _position.Head?.RunId == _assignment.Request.RunId;
        if (isFresh && StopsBefore(_position.Next))
            Context.Parent.Tell(new ThreadCommand.PauseRun(_assignment.Holder, []));
        else
            BeginStep();
    }

    protected override void PostStop()
    {
        _ = _stopped.CancelAsync();
        _assignment.Work.Stop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeResult result:
                FinishNode(result);
                break;
            case InnerStepDone(var command, var durable):
                _innerSteps[command.Namespace] = durable;
                Context.Parent.Tell(command);
                break;
            case SubgraphsDurable(var position):
                TellInnerSteps(position);
                break;
            case StepDurable(var position):
                _state = position.Values;
                _position = position;
                BeginStep();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void BeginStep()
    {
        if (_position.Next is [GraphNodes.Start])
        {
            _results.Clear();
            Self.Tell(new NodeResult(GraphNodes.Start, NodeUpdate.None, [], null));
            return;
        }

        if (_steps++ >= _settings.RecursionLimit)
        {
            Fail(new NodeFailure(null, GraphRecursionException.ErrorName,
                $"The run took {_settings.RecursionLimit} steps without coming to an end; its recursion_limit is reached."));
            return;
        }

        if (_position.Next.Select(NextTasks.NodeOf).FirstOrDefault(node => _graph.Find(node) is null) is { } unknown)
        {
            Fail(new NodeFailure(unknown, "UnknownNode", $"Graph '{_graph.Id}' has no node '{unknown}'."));
            return;
        }

        // What was done before the step was cut off is not done again.
        _results.Clear();
        foreach (var (node, writes) in _position.Finished)
            _results[node] = new NodeResult(node, new NodeUpdate(writes), [], null);
        var parent = Context.Parent;
        foreach (var task in _position.Next.Where(task => !_results.ContainsKey(task)))
        {
            _assignment.Work.Begin();
            var known = _graph.Find(NextTasks.NodeOf(task))!; // As checked above.
            _ = ExecuteAsync(task, known, parent, Self).PipeTo(Self, success: result =>
            {
                _assignment.Work.End();
                return result;
            });
        }
    }

    private void TellInnerSteps(ThreadPosition position)
    {
        foreach (var (name, inner) in position.Subgraphs)
        {
            var before = _position.Subgraphs.GetValueOrDefault(name);
            if (before?.Checkpoint != inner.Checkpoint && _innerSteps.Remove(name, out var durable))
                durable.SetResult(inner);
        }

        _position = _position with { Subgraphs = position.Subgraphs };
    }

    /// <summary>Makes a node's writes durable at once when others of the step are at work, or cannot be completed.</summary>
    private void FinishNode(NodeResult result)
    {
        _results[result.Node] = result;
        var isLast = _results.Count == _position.Next.Length;
        var isWhole = isLast && _results.Values.All(other => other.IsDone);
        if (result.IsDone && !isWhole)
        {
            Context.Parent.Tell(new ThreadCommand.RecordNode(
                _assignment.Holder, new NodeWrites(result.Node, result.Update.Writes)));
        }

        if (isLast)
            FinishStep([.. _position.Next.Select(node => _results[node])]);
    }

    private async Task<NodeResult> ExecuteAsync(string task, GraphNode node, IActorRef thread, IActorRef self)
    {
        await Task.Yield(); // A node that works before its first await must not hold up this actor.
        try
        {
            _stopped.Token.ThrowIfCancellationRequested(); // Its turn came when it had been told to end.
            var context = new LiveNodeContext(
                _assignment, _position, node.Seen(_state), task, _settings, thread, self, _services);
            return new NodeResult(task, await node.ExecuteAsync(context, _stopped.Token), [], null);
        }
        catch (GraphInterruptException question)
        {
            return new NodeResult(task, NodeUpdate.None, question.Interrupts, null);
        }
#pragma warning disable CA1031 // Whatever a node throws becomes the run's failure; nothing else is a user's code here.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new NodeResult(task, NodeUpdate.None, [], failure);
        }
    }

    private void FinishStep(ImmutableArray<NodeResult> results)
    {
        if (results.FirstOrDefault(result => result.Failure is not null) is { } failed)
        {
            var failure = failed.Failure!; // Selected by it.
            Fail(new NodeFailure(failed.Node, NameOf(failure), failure.Message));
            return;
        }

        var questions = results.SelectMany(result => result.Interrupts).ToImmutableArray();
        if (!questions.IsEmpty)
        {
            Context.Parent.Tell(new ThreadCommand.PauseRun(_assignment.Holder, questions));
            return;
        }

        try
        {
            Context.Parent.Tell(Commit(results));
        }
#pragma warning disable CA1031 // Routers and channels are users' code like nodes: what they throw is the run's failure.
        catch (Exception noWay)
#pragma warning restore CA1031
        {
            Fail(new NodeFailure(results[0].Node, NameOf(noWay), noWay.Message));
        }
    }

    private ThreadCommand.CommitStep Commit(ImmutableArray<NodeResult> results)
    {
        var ran = _graph.Shape.ReduceStep(
            _state, [.. results.Select(result => new NodeWrites(result.Node, result.Update.Writes))]);
        var values = ran.SelectMany(node => node.Writes).Aggregate(_state, (state, write) => state.With(write));
        var next = _graph.Next(results.Select(result => result.Node), values);
        var pauses = !next.Tasks.IsEmpty && (StopsBefore(next.Tasks) || StopsAfter(results));
        ImmutableArray<string> starting = next.Tasks.Any(RunsTools)
            ? [.. values.OpenCalls.Select(call => call.Id)]
            : [];
        return new ThreadCommand.CommitStep(
            _assignment.Holder,
            ran,
            next.Tasks,
            starting,
            pauses)
        {
            Inputs = next.Inputs,
        };
    }

    private bool RunsTools(string task) => _graph.Find(NextTasks.NodeOf(task))!.RunsTools; // The graph names its own.

    private void Fail(NodeFailure failure) =>
        Context.Parent.Tell(new ThreadCommand.FailRun(_assignment.Holder, failure));

    private static string NameOf(Exception failure) => failure switch
    {
        GraphRecursionException => GraphRecursionException.ErrorName,
        InvalidUpdateException => InvalidUpdateException.ErrorName,
        _ => failure.GetType().Name,
    };

    private bool StopsBefore(IEnumerable<string> nodes) => Names(_assignment.Request.InterruptBefore, nodes);

    private bool StopsAfter(IEnumerable<NodeResult> results) =>
        Names(_assignment.Request.InterruptAfter, results.Select(result => result.Node).Where(n => n != GraphNodes.Start));

    private static bool Names(ImmutableArray<string> asked, IEnumerable<string> nodes) =>
        nodes.Any(task => asked.Contains("*") || asked.Contains(NextTasks.NodeOf(task)));

    /// <summary>How a task ended.</summary>
    private sealed record NodeResult(
        string Node, NodeUpdate Update, ImmutableArray<PendingInterrupt> Interrupts, Exception? Failure)
    {
        /// <summary>True when the node came to its end.</summary>
        public bool IsDone => Interrupts.IsEmpty && Failure is null;
    }
}

/// <summary>Tells a run that its step is durable, and where it goes on.</summary>
/// <param name="Position">Where the thread stands with it.</param>
internal sealed record StepDurable(ThreadPosition Position);

/// <summary>Tells a run that steps of inner graphs are durable.</summary>
/// <param name="Position">Where the thread stands with them.</param>
internal sealed record SubgraphsDurable(ThreadPosition Position);

/// <summary>What an attempt is to execute.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Holder">The attempt.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Position">Where it goes on.</param>
/// <param name="State">The values there, with tool results that an earlier attempt got after it.</param>
/// <param name="Work">Told when the work has really ended.</param>
/// <param name="Threads">Finds the thread, for what is told of the run when that may have left.</param>
internal sealed record RunAssignment(
    ThreadId ThreadId,
    Holder Holder,
    RunRequest Request,
    ThreadPosition Position,
    ChannelValues State,
    WorkTracker Work,
    IActorRef Threads);
