namespace ActorRuns.Messages;

/// <summary>The kinds of message that the runtime treats in a way of their own; others are kept as they are.</summary>
/// <remarks>The names are LangChain's, as they stand in the <c>type</c> field on the wire.</remarks>
public static class MessageType
{
    /// <summary>What a person said.</summary>
    public const string Human = "human";

    /// <summary>What a model answered: text, tool calls, or both.</summary>
    public const string Ai = "ai";

    /// <summary>The result of a tool call.</summary>
    public const string Tool = "tool";

    /// <summary>Instructions to the model.</summary>
    public const string System = "system";

    /// <summary>Not a message but an order to take one away; never stored.</summary>
    public const string Remove = "remove";
}
