using System.Collections.Immutable;

namespace ActorRuns.Threads;

/// <summary>What a command comes to.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>These facts become true together, or none of them.</summary>
    public sealed record Accept(ImmutableArray<ThreadEvent> Facts) : Decision;

    /// <summary>Nothing is to be done: it was done before, or it comes from an attempt that lost the thread.</summary>
    public sealed record Ignore : Decision;

    /// <summary>An expected no.</summary>
    public sealed record Refuse(Refusal Reason) : Decision;
}
