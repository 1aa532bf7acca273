using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Store;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// What a tool can learn about the call it answers. A method gets it by declaring a parameter of type
/// <see cref="AIFunctionArguments"/> and passing that to <see cref="Of"/>.
/// </summary>
public sealed class ToolContext
{
    private readonly NodeContext _node;
    private int _asked;

    internal ToolContext(NodeContext node, ToolCall call)
    {
        _node = node;
        Call = call;
        IdempotencyKey = $"{node.ToolKey}/{call.Id}";
    }

    /// <summary>The call.</summary>
    public ToolCall Call { get; }

    /// <summary>
    /// The same for every attempt at this call, and different for every other: what a service needs to do a thing once.
    /// </summary>
    public string IdempotencyKey { get; }

    /// <summary>The thread.</summary>
    public ThreadId ThreadId => _node.ThreadId;

    /// <summary>The run.</summary>
    public RunRequest Run => _node.Run;

    /// <summary>Which try at the run this is, counted from 1.</summary>
    public int Attempt => _node.Attempt;

    /// <summary>The settings of the run.</summary>
    public RunSettings Settings => _node.Settings;

    /// <summary>The clock.</summary>
    public TimeProvider Time => _node.Time;

    /// <summary>What agents and callers share outside of threads.</summary>
    public IItemStore Store => _node.Store;

    /// <summary>The transcript as it was when the tools of the step began.</summary>
    public IReadOnlyList<Message> Messages => _node.Messages;

    /// <summary>Writes an event of the tool's own to the run's stream (mode <c>custom</c>).</summary>
    public void WriteCustom(JsonElement value) => _node.WriteCustom(value);

    /// <summary>
    /// Asks a human. The first time the run stops here; when the answer has come the tool is executed again from its
    /// start, and this returns the answer.
    /// </summary>
    /// <param name="question">What is asked, any JSON.</param>
    /// <exception cref="GraphInterruptException">Nobody has answered yet; let it pass.</exception>
    public JsonElement Interrupt(JsonElement question) => _node.Interrupt(
        question, string.Create(CultureInfo.InvariantCulture, $"{Call.Id}/{_asked++}"));

    /// <summary>The context of the call that these arguments came with.</summary>
    /// <exception cref="InvalidOperationException">The tool was not called by a <see cref="ChatAgent"/>.</exception>
    public static ToolContext Of(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(typeof(ToolContext), out var context) is true && context is ToolContext found
            ? found
            : throw new InvalidOperationException("These arguments carry no tool context: they are from elsewhere.");

    /// <summary>The arguments that the model gave, with this context.</summary>
    internal AIFunctionArguments ToArguments()
    {
        var arguments = new AIFunctionArguments
        {
            Context = new Dictionary<object, object?> { [typeof(ToolContext)] = this },
        };
        if (Call.Args.ValueKind is JsonValueKind.Object)
        {
            foreach (var argument in Call.Args.EnumerateObject())
                arguments[argument.Name] = argument.Value;
        }

        return arguments;
    }
}
