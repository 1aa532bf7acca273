namespace ActorRuns.AspNetCore.Requests;

/// <summary>What becomes of the creation of something that is there already.</summary>
internal enum IfExists
{
    /// <summary>It is refused.</summary>
    Raise,

    /// <summary>What is there stays as it is, and is the answer.</summary>
    DoNothing,
}
