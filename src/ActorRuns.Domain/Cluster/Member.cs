namespace ActorRuns.Cluster;

/// <summary>Names one process of the cluster, from its start to its end.</summary>
/// <param name="Value">A UUID, another one after each start.</param>
public readonly record struct MemberId(Guid Value)
{
    /// <summary>The hyphenated form in lower case.</summary>
    public override string ToString() => Value.ToString("D");
}

/// <summary>A process of the cluster.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Address">Where the others reach it.</param>
/// <param name="IsLeaving">True when it gives its shards back and takes no more.</param>
public sealed record Member(MemberId Id, Uri Address, bool IsLeaving);
