using System.Collections.Immutable;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>Leaves a node that asks a human; the runtime catches it.</summary>
/// <param name="interrupts">What is asked.</param>
public sealed class GraphInterruptException(ImmutableArray<PendingInterrupt> interrupts)
    : Exception("The node asks a human; the run stops here.")
{
    /// <summary>What is asked.</summary>
    public ImmutableArray<PendingInterrupt> Interrupts { get; } = interrupts;
}
