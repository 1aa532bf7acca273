using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>What makes one <see cref="ChatAgent"/> different from another.</summary>
public sealed record ChatAgentOptions
{
    /// <summary>What the model is told before each transcript; null leaves it to <see cref="ModelOptions"/>.</summary>
    public string? Instructions { get; init; }

    /// <summary>
    /// What the model may use: an <see cref="AIFunction"/> is executed here, a hosted tool by the model's provider.
    /// </summary>
    public IReadOnlyList<AITool> Tools { get; init; } = [];

    /// <summary>
    /// True when the tools that one message asks for run at the same time. False runs them one after another, in the
    /// order asked for, and tells the model to ask for one at a time.
    /// </summary>
    /// <value>Default true.</value>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>
    /// How often the model is called at most for one message of the human. Then the agent says that it had to stop,
    /// with <c>finish_reason: max_model_calls</c>, and asks for no tool any more. Null for as often as the run's
    /// <c>recursion_limit</c> lets it, which fails the run.
    /// </summary>
    /// <value>Default null; from 1.</value>
    public int? MaxModelCalls { get; init; }

    /// <summary>
    /// The form of the last answer: JSON by a schema, such as <c>ChatResponseFormat.ForJsonSchema&lt;T&gt;()</c>. It is
    /// checked, and written to the channel <see cref="ChatAgent.StructuredResponse"/> as well; an answer that does not
    /// fit fails the run. Null for text.
    /// </summary>
    public ChatResponseFormatJson? ResponseFormat { get; init; }

    /// <summary>
    /// Settings of every model call, such as the temperature; copied for each call, without its
    /// <see cref="ChatOptions.Tools"/>. Null for the client's own.
    /// </summary>
    public ChatOptions? ModelOptions { get; init; }
}
