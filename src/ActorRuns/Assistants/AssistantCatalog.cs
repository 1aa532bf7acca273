using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;

namespace ActorRuns.Assistants;

/// <summary>
/// The assistants that can be asked: those that callers made, and one for every registered graph, which is computed,
/// answers to the graph's name too, and can be neither changed nor deleted.
/// </summary>
public sealed class AssistantCatalog
{
    private readonly FrozenDictionary<AssistantId, Assistant> _system;
    private readonly GraphRegistry _graphs;
    private readonly IAssistantStore _store;
    private readonly RuntimeIds _ids;
    private readonly TimeProvider _time;

    /// <summary>Makes the assistants of these graphs, and adds those of the store.</summary>
    internal AssistantCatalog(GraphRegistry graphs, IAssistantStore store, RuntimeIds ids, TimeProvider time)
    {
        _graphs = graphs;
        _store = store;
        _ids = ids;
        _time = time;
        var now = time.GetUtcNow();
        _system = graphs.Graphs
            .Select(graph => SystemAssistant(graph.Id, now))
            .ToFrozenDictionary(assistant => assistant.Id);
    }

    /// <summary>The assistant with this id, or of the graph with this name; null when there is none.</summary>
    public Task<Assistant?> FindAsync(string idOrGraph, CancellationToken cancellationToken)
    {
        if (!TryResolve(idOrGraph, out var id))
            return Task.FromResult<Assistant?>(null);
        return _system.TryGetValue(id, out var system)
            ? Task.FromResult<Assistant?>(system)
            : _store.FindAsync(id, cancellationToken);
    }

    /// <summary>Finds assistants by their current versions, and counts all that match.</summary>
    public async Task<AssistantPage> SearchAsync(AssistantQuery query, CancellationToken cancellationToken)
    {
        var system = _system.Values.Where(query.Matches).ToList();

        // So few are the graphs' own that the page is cut from a window of the others that is wider by their number:
        // whatever lies before that window lies before the page, wherever the graphs' own fall.
        var start = Math.Max(0, query.Offset - system.Count);
        var window = query with { Offset = start, Limit = query.Offset - start + query.Limit };
        var made = await _store.SearchAsync(window, cancellationToken);
        var page = query.Sort(made.Assistants.Concat(system)).Skip(query.Offset - start).Take(query.Limit);
        return new AssistantPage([.. page], made.Total + system.Count);
    }

    /// <summary>Makes an assistant.</summary>
    /// <param name="id">The id it is to have; null for a new one.</param>
    /// <param name="graph">The graph it configures.</param>
    /// <param name="settings">What its first version says.</param>
    /// <param name="mayExist">True when an assistant that has the id already is the answer, as it is.</param>
    /// <param name="cancellationToken">Gives up the wait; the assistant may be made or not.</param>
    public async Task<AssistantAnswer> CreateAsync(
        AssistantId? id, GraphId graph, AssistantPatch settings, bool mayExist, CancellationToken cancellationToken)
    {
        if (_graphs[graph] is null)
            return new AssistantAnswer.UnknownGraph(graph);

        var now = _time.GetUtcNow();
        var blank = new AssistantVersion { Number = 1, GraphId = graph, CreatedAt = now };
        var assistant = new Assistant(id ?? _ids.NewAssistantId(), settings.Over(blank, number: 1, now), now, now);
        if (!_system.ContainsKey(assistant.Id) && await _store.AddAsync(assistant, cancellationToken))
            return new AssistantAnswer.Done(assistant);

        return mayExist && await FindAsync($"{assistant.Id}", cancellationToken) is { } known
            ? new AssistantAnswer.Done(known)
            : new AssistantAnswer.Taken(assistant.Id);
    }

    /// <summary>Follows an assistant's current version with a new one.</summary>
    public Task<AssistantAnswer> PatchAsync(
        string idOrGraph, AssistantPatch patch, CancellationToken cancellationToken) =>
        ChangeAsync(idOrGraph, async id =>
        {
            if (patch.GraphId is { } graph && _graphs[graph] is null)
                return new AssistantAnswer.UnknownGraph(graph);

            return await _store.PatchAsync(id, patch, _time.GetUtcNow(), cancellationToken) is { } patched
                ? new AssistantAnswer.Done(patched)
                : new AssistantAnswer.Unknown(idOrGraph);
        });

    /// <summary>Makes a version of an assistant the one that new runs use.</summary>
    public Task<AssistantAnswer> UseVersionAsync(string idOrGraph, int number, CancellationToken cancellationToken) =>
        ChangeAsync(idOrGraph, async id =>
            await _store.UseVersionAsync(id, number, _time.GetUtcNow(), cancellationToken) is { } changed
                ? new AssistantAnswer.Done(changed)
                : new AssistantAnswer.UnknownVersion(number));

    /// <summary>Deletes an assistant with its versions; its runs and threads stay as they are.</summary>
    public Task<AssistantAnswer> DeleteAsync(string idOrGraph, CancellationToken cancellationToken) =>
        ChangeAsync(idOrGraph, async id =>
            await _store.FindAsync(id, cancellationToken) is { } known
            && await _store.DeleteAsync(id, cancellationToken)
                ? new AssistantAnswer.Done(known)
                : new AssistantAnswer.Unknown(idOrGraph));

    /// <summary>Every version of an assistant, the newest first; none when there is no such assistant.</summary>
    public Task<ImmutableArray<AssistantVersion>> ReadVersionsAsync(
        Assistant assistant, CancellationToken cancellationToken) => _system.ContainsKey(assistant.Id)
            ? Task.FromResult(ImmutableArray.Create(assistant.Current))
            : _store.ReadVersionsAsync(assistant.Id, cancellationToken);

    private async Task<AssistantAnswer> ChangeAsync(string idOrGraph, Func<AssistantId, Task<AssistantAnswer>> change)
    {
        if (!TryResolve(idOrGraph, out var id))
            return new AssistantAnswer.Unknown(idOrGraph);
        return _system.TryGetValue(id, out var system) ? new AssistantAnswer.Fixed(system.GraphId) : await change(id);
    }

    private bool TryResolve(string idOrGraph, out AssistantId id)
    {
        if (AssistantId.TryParse(idOrGraph, out id))
            return true;

        var graph = new GraphId(idOrGraph);
        id = RuntimeIds.SystemAssistant(graph);
        return _graphs[graph] is not null;
    }

    private static Assistant SystemAssistant(GraphId graph, DateTimeOffset now) => new(
        RuntimeIds.SystemAssistant(graph),
        new AssistantVersion
        {
            Number = 1,
            GraphId = graph,
            Name = graph.Value,
            Metadata = JsonMaps.Empty.Add("created_by", JsonElement.Parse("\"system\"")),
            CreatedAt = now,
        },
        now,
        now);
}
