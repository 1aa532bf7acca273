using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ActorRuns.Graphs;

/// <summary>
/// What the next step executes. A task is named by its node; those that were sent to a node each by its name and their
/// number, <c>node:0</c>, <c>node:1</c>…, and have an input of their own.
/// </summary>
/// <param name="Tasks">The tasks, in their order; each once.</param>
/// <param name="Inputs">The inputs of those that were sent, by task.</param>
public sealed record NextTasks(ImmutableArray<string> Tasks, ImmutableSortedDictionary<string, JsonElement> Inputs)
{
    /// <summary>Parts a node's name from the number of its task.</summary>
    public const char Separator = ':';

    /// <summary>No task has an input of its own.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> NoInputs { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Nothing is left to do.</summary>
    public static NextTasks None { get; } = new([], NoInputs);

    /// <summary>Nodes, and what is sent to nodes.</summary>
    /// <param name="nodes">The nodes that are executed once, each named once.</param>
    /// <param name="sends">What is sent, in order; a node gets a task for each.</param>
    public static NextTasks Of(IEnumerable<string> nodes, IEnumerable<Send> sends)
    {
        var tasks = nodes.ToImmutableArray().ToBuilder();
        var inputs = NoInputs.ToBuilder();
        var sent = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (node, input) in sends)
        {
            var number = sent.GetValueOrDefault(node);
            sent[node] = number + 1;
            var task = string.Create(CultureInfo.InvariantCulture, $"{node}{Separator}{number}");
            tasks.Add(task);
            inputs[task] = input;
        }

        return new NextTasks(tasks.ToImmutable(), inputs.ToImmutable());
    }

    /// <summary>The node that a task executes.</summary>
    public static string NodeOf(string task) => task.LastIndexOf(Separator) is var at and > 0 ? task[..at] : task;

    /// <summary>True when both are the same tasks with the same inputs.</summary>
    public bool IsSame(NextTasks other) => Tasks.SequenceEqual(other.Tasks, StringComparer.Ordinal)
        && Inputs.Count == other.Inputs.Count
        && Inputs.All(input =>
            other.Inputs.TryGetValue(input.Key, out var value) && JsonElement.DeepEquals(input.Value, value));
}
