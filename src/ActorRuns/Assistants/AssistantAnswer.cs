using ActorRuns.Graphs;

namespace ActorRuns.Assistants;

/// <summary>What became of a request to change an assistant: done, or why not.</summary>
public abstract record AssistantAnswer
{
    private AssistantAnswer() { }

    /// <summary>It is kept. Of a deletion, the assistant that is gone.</summary>
    public sealed record Done(Assistant Assistant) : AssistantAnswer;

    /// <summary>No assistant has this id, and no graph this name.</summary>
    public sealed record Unknown(string IdOrGraph) : AssistantAnswer;

    /// <summary>The assistant has no version of this number.</summary>
    public sealed record UnknownVersion(int Number) : AssistantAnswer;

    /// <summary>No graph of that name is registered in this process.</summary>
    public sealed record UnknownGraph(GraphId GraphId) : AssistantAnswer;

    /// <summary>Another assistant has this id.</summary>
    public sealed record Taken(AssistantId Id) : AssistantAnswer;

    /// <summary>This is the graph's own assistant, which is what the graph's code makes it.</summary>
    public sealed record Fixed(GraphId GraphId) : AssistantAnswer;
}
