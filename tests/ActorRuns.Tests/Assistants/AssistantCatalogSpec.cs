using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Tests.Assistants;

/// <summary>The assistants that callers made beside those that the graphs have of themselves.</summary>
public sealed class AssistantCatalogSpec
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly MemoryAssistantStore _store = new();
    private readonly AssistantCatalog _catalog;

    public AssistantCatalogSpec()
    {
        var ids = new RuntimeIds(_time);
        _catalog = new AssistantCatalog(new GraphRegistry(Graph("b"), Graph("d"), Graph("f")), _store, ids, _time);
    }

    [Fact]
    public async Task Every_graph_has_an_assistant_that_answers_to_its_name_and_to_its_id()
    {
        var assistant = await FindAsync("b");

        Assert.Equal(RuntimeIds.SystemAssistant(new GraphId("b")), assistant!.Id);
        Assert.Equal("""{"created_by":"system"}""", Json.JsonMaps.Text(assistant.Metadata));
        Assert.Same(assistant, await FindAsync($"{assistant.Id}"));
        Assert.Null(await FindAsync("B"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_of_any_size_put_both_kinds_into_one_order(bool ascending)
    {
        foreach (var name in (string[])["g", "a", "e", "c", "e2"])
            await MakeAsync(name);
        string[] all = ["a", "b", "c", "d", "e", "e2", "f", "g"];

        for (var limit = 1; limit <= all.Length + 1; limit++)
        {
            var query = new AssistantQuery { OrderBy = AssistantOrder.Name, Ascending = ascending, Limit = limit };
            var names = new List<string>();
            for (var offset = 0; offset < all.Length; offset += limit)
            {
                var page = await _catalog.SearchAsync(query with { Offset = offset }, CancellationToken.None);
                Assert.Equal(all.Length, page.Total);
                names.AddRange(page.Assistants.Select(assistant => assistant.Name));
            }

            Assert.Equal(ascending ? all : all.Reverse(), names);
        }
    }

    [Fact]
    public async Task An_assistant_needs_a_graph_that_is_registered_when_made_and_when_patched()
    {
        var unknown = new GraphId("none");
        var made = await MakeAsync("mine");

        var patched = await _catalog.PatchAsync(
            $"{made.Id}", new AssistantPatch { GraphId = unknown }, CancellationToken.None);

        Assert.Equal(new AssistantAnswer.UnknownGraph(unknown), patched);
        Assert.Equal(new AssistantAnswer.UnknownGraph(unknown), await CreateAsync(id: null, unknown, mayExist: false));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused_or_answered_with_who_has_it()
    {
        var made = await MakeAsync("mine");
        var graph = new GraphId("b");
        var system = (await FindAsync("b"))!;

        Assert.Equal(new AssistantAnswer.Taken(made.Id), await CreateAsync(made.Id, graph, mayExist: false));
        Assert.Equal(new AssistantAnswer.Done(made), await CreateAsync(made.Id, graph, mayExist: true));
        Assert.Equal(new AssistantAnswer.Taken(system.Id), await CreateAsync(system.Id, graph, mayExist: false));
        Assert.Equal(new AssistantAnswer.Done(system), await CreateAsync(system.Id, graph, mayExist: true));
    }

    [Fact]
    public async Task What_a_graph_has_of_itself_can_be_neither_changed_nor_deleted()
    {
        var isFixed = new AssistantAnswer.Fixed(new GraphId("b"));

        Assert.Equal(isFixed, await _catalog.PatchAsync("b", new(), CancellationToken.None));
        Assert.Equal(isFixed, await _catalog.UseVersionAsync("b", 1, CancellationToken.None));
        Assert.Equal(isFixed, await _catalog.DeleteAsync("b", CancellationToken.None));
        Assert.Single(await _catalog.ReadVersionsAsync((await FindAsync("b"))!, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        var nobody = $"{Guid.NewGuid()}";

        Assert.Null(await FindAsync(nobody));
        Assert.Equal(new AssistantAnswer.Unknown(nobody), await _catalog.DeleteAsync(nobody, CancellationToken.None));
        Assert.Equal(new AssistantAnswer.Unknown("x"), await _catalog.PatchAsync("x", new(), CancellationToken.None));
        Assert.Equal(
            new AssistantAnswer.UnknownVersion(2),
            await _catalog.UseVersionAsync($"{(await MakeAsync("mine")).Id}", 2, CancellationToken.None));
    }

    private Task<Assistant?> FindAsync(string idOrGraph) => _catalog.FindAsync(idOrGraph, CancellationToken.None);

    private async Task<Assistant> MakeAsync(string name)
    {
        var answer = await _catalog.CreateAsync(
            id: null, new GraphId("b"), new AssistantPatch { Name = name }, mayExist: false, CancellationToken.None);
        return Assert.IsType<AssistantAnswer.Done>(answer).Assistant;
    }

    private Task<AssistantAnswer> CreateAsync(AssistantId? id, GraphId graph, bool mayExist) =>
        _catalog.CreateAsync(id, graph, new AssistantPatch(), mayExist, CancellationToken.None);

    private static AgentGraph Graph(string name) => AgentGraph.Create(name)
        .Node("only", (_, _) => Task.FromResult(NodeUpdate.None))
        .Edge(GraphNodes.Start, "only")
        .Edge("only", GraphNodes.End)
        .Build();
}
