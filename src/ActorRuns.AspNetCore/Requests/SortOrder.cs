namespace ActorRuns.AspNetCore.Requests;

/// <summary>The direction that a list is sorted in.</summary>
internal enum SortOrder
{
    /// <summary>The smallest or oldest first.</summary>
    Asc,

    /// <summary>The greatest or newest first.</summary>
    Desc,
}
