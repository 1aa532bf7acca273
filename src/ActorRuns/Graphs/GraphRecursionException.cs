namespace ActorRuns.Graphs;

/// <summary>A graph took as many steps as <c>recursion_limit</c> allows, and has not come to an end.</summary>
/// <param name="message">What is told to the user.</param>
public sealed class GraphRecursionException(string message) : Exception(message)
{
    /// <summary>The error's name on the wire.</summary>
    public const string ErrorName = "GraphRecursionError";
}
