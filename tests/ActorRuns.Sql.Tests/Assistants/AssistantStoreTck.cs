using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Json;
using Xunit;

namespace ActorRuns.Sql.Tests.Assistants;

/// <summary>What every store of assistants must do.</summary>
public abstract class AssistantStoreTck : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AssistantId Nobody = new(Guid.NewGuid());

    private DateTimeOffset _now = Start;

    protected IAssistantStore Store { get; private set; } = null!; // Opened before each test.

    protected abstract Task<IAssistantStore> OpenAsync();

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_assistant_is_kept_as_it_was_added()
    {
        var added = await AddAsync("mine", version => version with
        {
            Description = "says things",
            Config = Json("""{"configurable":{"tone":"dry"}}"""),
            Context = Json("[1]"),
            Metadata = Map("""{"team":{"name":"ä"}}"""),
        });

        var found = await Store.FindAsync(added.Id, CancellationToken.None);

        AssertSame(added, found);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\u0001")]
    [InlineData("\u0001\u0001\0\u0002")]
    [InlineData("'; DROP TABLE assistant; --")]
    public async Task Whatever_a_name_is_it_is_kept(string name)
    {
        var added = await AddAsync(name, version => version with { Description = name });

        AssertSame(added, await Store.FindAsync(added.Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_not_given_again()
    {
        var first = await AddAsync("first");

        Assert.False(await Store.AddAsync(first with { Current = Version("second") }, CancellationToken.None));
        AssertSame(first, await Store.FindAsync(first.Id, CancellationToken.None));
        Assert.Single(await Store.ReadVersionsAsync(first.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Of_an_assistant_that_is_not_there_nothing_is_found_and_nothing_is_changed()
    {
        Assert.Null(await Store.FindAsync(Nobody, CancellationToken.None));
        Assert.Null(await Store.PatchAsync(Nobody, new AssistantPatch { Name = "x" }, Start, CancellationToken.None));
        Assert.Null(await Store.UseVersionAsync(Nobody, 1, Start, CancellationToken.None));
        Assert.Empty(await Store.ReadVersionsAsync(Nobody, CancellationToken.None));
        Assert.False(await Store.DeleteAsync(Nobody, CancellationToken.None));
        Assert.Equal(0, (await Store.SearchAsync(new AssistantQuery { Limit = 10 }, CancellationToken.None)).Total);
    }

    [Fact]
    public async Task A_patch_merges_metadata_replaces_the_rest_and_keeps_what_it_does_not_name()
    {
        var assistant = await AddAsync("mine", version => version with
        {
            Description = "kept",
            Config = Json("""{"configurable":{"a":1,"b":1}}"""),
            Metadata = Map("""{"a":1,"b":1}"""),
        });
        var patch = new AssistantPatch
        {
            GraphId = new GraphId("other"),
            Name = "renamed",
            Config = Json("""{"configurable":{"b":2}}"""),
            Metadata = Map("""{"b":2}"""),
        };

        var patched = await Store.PatchAsync(assistant.Id, patch, Start.AddHours(1), CancellationToken.None);

        Assert.Equal(2, patched!.Current.Number);
        Assert.Equal(new GraphId("other"), patched.GraphId);
        Assert.Equal(("renamed", "kept"), (patched.Name, patched.Current.Description));
        Assert.Equal("""{"configurable":{"b":2}}""", patched.Current.Config.GetRawText());
        Assert.Equal("""{"a":1,"b":2}""", JsonMaps.Text(patched.Metadata));
        Assert.Equal((assistant.CreatedAt, Start.AddHours(1)), (patched.CreatedAt, patched.UpdatedAt));
        AssertSame(patched, await Store.FindAsync(assistant.Id, CancellationToken.None));
    }

    [Fact]
    public async Task An_older_version_can_be_used_again_and_the_next_one_follows_it_with_a_new_number()
    {
        var assistant = await AddAsync("one");
        await PatchAsync(assistant, "two");

        var back = await Store.UseVersionAsync(assistant.Id, 1, Start.AddHours(1), CancellationToken.None);
        var third = await Store.PatchAsync(assistant.Id, new(), Start.AddHours(2), CancellationToken.None);

        Assert.Equal((1, "one", Start.AddHours(1)), (back!.Current.Number, back.Name, back.UpdatedAt));
        Assert.Equal((3, "one"), (third!.Current.Number, third.Name));
        var versions = await Store.ReadVersionsAsync(assistant.Id, CancellationToken.None);
        Assert.Equal([(3, "one"), (2, "two"), (1, "one")], versions.Select(version => (version.Number, version.Name)));
    }

    [Fact]
    public async Task A_version_that_is_not_there_cannot_be_used()
    {
        var assistant = await AddAsync("mine");

        Assert.Null(await Store.UseVersionAsync(assistant.Id, 2, Start.AddHours(1), CancellationToken.None));
        AssertSame(assistant, await Store.FindAsync(assistant.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Patches_at_the_same_time_each_make_their_own_version()
    {
        var assistant = await AddAsync("mine");

        var patched = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Store.PatchAsync(assistant.Id, new AssistantPatch(), Start, CancellationToken.None))));

        Assert.Equal(Enumerable.Range(2, 8), patched.Select(each => each!.Current.Number).Order());
    }

    [Fact]
    public async Task A_deleted_assistant_is_gone_with_its_versions_and_its_id_is_free()
    {
        var assistant = await AddAsync("mine");
        await PatchAsync(assistant, "two");

        Assert.True(await Store.DeleteAsync(assistant.Id, CancellationToken.None));

        Assert.Null(await Store.FindAsync(assistant.Id, CancellationToken.None));
        Assert.Empty(await Store.ReadVersionsAsync(assistant.Id, CancellationToken.None));
        Assert.True(await Store.AddAsync(assistant, CancellationToken.None));
    }

    [Fact]
    public async Task A_search_finds_by_graph_by_part_of_the_name_and_by_metadata_at_any_depth()
    {
        await AddAsync("Ärger", version => version with { GraphId = new GraphId("other") });
        await AddAsync("beta", version => version with { Metadata = Map("""{"team":{"id":1,"of":"x"},"k":[1]}""") });

        Assert.Equal(["Ärger"], await NamesAsync(new AssistantQuery { Limit = 10, GraphId = new GraphId("other") }));
        Assert.Equal(["Ärger"], await NamesAsync(new AssistantQuery { Limit = 10, Name = "äRG" }));
        Assert.Equal(["beta"], await NamesAsync(Having("""{"team":{"id":1},"k":[1]}""")));
        Assert.Equal([], await NamesAsync(Having("""{"team":{"id":2}}""")));
        Assert.Equal(2, (await NamesAsync(Having("{}"))).Count);
    }

    [Fact]
    public async Task A_search_looks_at_current_versions_only()
    {
        var assistant = await AddAsync("before");
        await PatchAsync(assistant, "after");

        Assert.Empty(await NamesAsync(new AssistantQuery { Limit = 10, Name = "before" }));
        Assert.Equal(["after"], await NamesAsync(new AssistantQuery { Limit = 10 }));
    }

    [Theory]
    [InlineData(AssistantOrder.CreatedAt, new[] { "beta", "alpha", "gamma" })]
    [InlineData(AssistantOrder.UpdatedAt, new[] { "alpha", "gamma", "beta" })]
    [InlineData(AssistantOrder.Name, new[] { "alpha", "beta", "gamma" })]
    [InlineData(AssistantOrder.GraphId, new[] { "gamma", "beta", "alpha" })]
    public async Task A_search_is_sorted_as_asked(AssistantOrder order, string[] names)
    {
        var beta = await AddAsync("beta", version => version with { GraphId = new GraphId("g2") });
        await AddAsync("alpha", version => version with { GraphId = new GraphId("g3") });
        await AddAsync("gamma", version => version with { GraphId = new GraphId("g1") });
        await PatchAsync(beta, "beta");

        var query = new AssistantQuery { Limit = 10, OrderBy = order };

        Assert.Equal(names, await NamesAsync(query with { Ascending = true }));
        Assert.Equal(names.Reverse(), await NamesAsync(query));
    }

    [Fact]
    public async Task Pages_do_not_overlap_and_tell_how_many_there_are()
    {
        foreach (var id in Enumerable.Range(0, 5).Select(_ => new AssistantId(Guid.NewGuid())))
            await Store.AddAsync(new Assistant(id, Version("same"), Start, Start), CancellationToken.None);
        var query = new AssistantQuery { Limit = 2, OrderBy = AssistantOrder.Name };

        var pages = new List<AssistantPage>();
        foreach (var offset in (int[])[0, 2, 4, 6])
            pages.Add(await Store.SearchAsync(query with { Offset = offset }, CancellationToken.None));

        Assert.Equal([2, 2, 1, 0], pages.Select(page => page.Assistants.Length));
        Assert.Equal(5, pages.SelectMany(page => page.Assistants).Select(assistant => assistant.Id).Distinct().Count());
        Assert.All(pages, page => Assert.Equal(5, page.Total));
    }

    private async Task<Assistant> AddAsync(string name, Func<AssistantVersion, AssistantVersion>? refine = null)
    {
        _now += TimeSpan.FromTicks(1); // The finest difference that counts.
        var version = Version(name) with { CreatedAt = _now };
        var assistant = new Assistant(new(Guid.NewGuid()), refine?.Invoke(version) ?? version, _now, _now);
        Assert.True(await Store.AddAsync(assistant, CancellationToken.None));
        return assistant;
    }

    private async Task PatchAsync(Assistant assistant, string name)
    {
        _now += TimeSpan.FromTicks(1);
        await Store.PatchAsync(assistant.Id, new AssistantPatch { Name = name }, _now, CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(AssistantQuery query)
    {
        var page = await Store.SearchAsync(query, CancellationToken.None);
        return [.. page.Assistants.Select(assistant => assistant.Name)];
    }

    private static AssistantQuery Having(string metadata) => new() { Limit = 10, Metadata = Json(metadata) };

    private static AssistantVersion Version(string name) => new()
    {
        Number = 1,
        GraphId = new GraphId("agent"),
        Name = name,
        CreatedAt = Start,
    };

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    private static ImmutableSortedDictionary<string, JsonElement> Map(string json) => JsonMaps.Read(Json(json));

    /// <summary>Records with JSON in them are compared by what they print it as.</summary>
    private static void AssertSame(Assistant expected, Assistant? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Printed(expected), Printed(actual));
    }

    private static string Printed(Assistant assistant) => string.Join('\n',
        assistant.Id, assistant.CreatedAt, assistant.UpdatedAt,
        assistant.Current.Number, assistant.GraphId, assistant.Name, assistant.Current.Description,
        assistant.Current.Config, assistant.Current.Context, JsonMaps.Text(assistant.Metadata),
        assistant.Current.CreatedAt.UtcTicks);
}
