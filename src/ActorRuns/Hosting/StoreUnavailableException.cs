namespace ActorRuns.Hosting;

/// <summary>
/// What is kept beside the journal cannot be reached at the moment; the same may succeed a moment later. Of a change
/// it is not known whether it was made.
/// </summary>
/// <param name="store">Where it is kept, for people; it holds no secret.</param>
/// <param name="cause">Why.</param>
public sealed class StoreUnavailableException(string store, Exception cause)
    : Exception($"{store} cannot be reached: {cause.Message}", cause)
{
    /// <summary>Where it is kept, for people.</summary>
    public string Store { get; } = store;
}
