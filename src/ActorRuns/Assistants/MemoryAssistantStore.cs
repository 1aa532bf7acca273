using System.Collections.Immutable;

namespace ActorRuns.Assistants;

/// <summary>Keeps assistants as long as the process lives, for tests and for journals that do so too.</summary>
public sealed class MemoryAssistantStore : IAssistantStore
{
    private readonly Lock _writing = new();

    private ImmutableDictionary<AssistantId, Kept> _kept = ImmutableDictionary<AssistantId, Kept>.Empty;

    /// <inheritdoc />
    public Task<bool> AddAsync(Assistant assistant, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            if (_kept.ContainsKey(assistant.Id))
                return Task.FromResult(false);

            _kept = _kept.Add(assistant.Id, new Kept(assistant, [assistant.Current]));
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task<Assistant?> FindAsync(AssistantId id, CancellationToken cancellationToken) =>
        Task.FromResult(_kept.GetValueOrDefault(id)?.Assistant);

    /// <inheritdoc />
    public Task<AssistantPage> SearchAsync(AssistantQuery query, CancellationToken cancellationToken)
    {
        var found = query.Sort(_kept.Values.Select(kept => kept.Assistant).Where(query.Matches)).ToList();
        return Task.FromResult(new AssistantPage([.. found.Skip(query.Offset).Take(query.Limit)], found.Count));
    }

    /// <inheritdoc />
    public Task<ImmutableArray<AssistantVersion>> ReadVersionsAsync(
        AssistantId id, CancellationToken cancellationToken) =>
        Task.FromResult(_kept.GetValueOrDefault(id)?.Versions.Reverse().ToImmutableArray() ?? []);

    /// <inheritdoc />
    public Task<Assistant?> PatchAsync(
        AssistantId id, AssistantPatch patch, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(id, kept =>
        {
            var version = patch.Over(kept.Assistant.Current, kept.Versions[^1].Number + 1, now);
            return new Kept(kept.Assistant with { Current = version, UpdatedAt = now }, kept.Versions.Add(version));
        });

    /// <inheritdoc />
    public Task<Assistant?> UseVersionAsync(
        AssistantId id, int number, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(id, kept => kept.Versions.FirstOrDefault(version => version.Number == number) is { } version
            ? kept with { Assistant = kept.Assistant with { Current = version, UpdatedAt = now } }
            : null);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(AssistantId id, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            var before = _kept;
            _kept = before.Remove(id);
            return Task.FromResult(_kept != before);
        }
    }

    private Task<Assistant?> ChangeAsync(AssistantId id, Func<Kept, Kept?> change)
    {
        lock (_writing)
        {
            if (_kept.GetValueOrDefault(id) is not { } known || change(known) is not { } changed)
                return Task.FromResult<Assistant?>(null);

            _kept = _kept.SetItem(id, changed);
            return Task.FromResult<Assistant?>(changed.Assistant);
        }
    }

    /// <param name="Assistant">The assistant with its current version.</param>
    /// <param name="Versions">All its versions, the oldest first.</param>
    private sealed record Kept(Assistant Assistant, ImmutableArray<AssistantVersion> Versions);
}
