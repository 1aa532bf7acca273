using System.Collections.Immutable;

namespace ActorRuns.Assistants;

/// <summary>
/// Keeps the assistants that callers made, with all their versions. What a method has answered is kept; each does all
/// or nothing, whoever else writes. An answer of null or false says that there is no such assistant or version.
/// </summary>
public interface IAssistantStore
{
    /// <summary>Adds an assistant in its first version; false when the id is taken, and nothing has changed.</summary>
    Task<bool> AddAsync(Assistant assistant, CancellationToken cancellationToken);

    /// <summary>An assistant with its current version.</summary>
    Task<Assistant?> FindAsync(AssistantId id, CancellationToken cancellationToken);

    /// <summary>Finds assistants by their current versions, and counts all that match.</summary>
    Task<AssistantPage> SearchAsync(AssistantQuery query, CancellationToken cancellationToken);

    /// <summary>Every version of an assistant, the newest first; none when there is no such assistant.</summary>
    Task<ImmutableArray<AssistantVersion>> ReadVersionsAsync(AssistantId id, CancellationToken cancellationToken);

    /// <summary>
    /// Follows the current version with a new one. Its number is above all that the assistant has, also when an older
    /// one is current.
    /// </summary>
    Task<Assistant?> PatchAsync(
        AssistantId id, AssistantPatch patch, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes a version the current one; those with a higher number stay.</summary>
    Task<Assistant?> UseVersionAsync(
        AssistantId id, int number, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets an assistant and its versions.</summary>
    Task<bool> DeleteAsync(AssistantId id, CancellationToken cancellationToken);
}
