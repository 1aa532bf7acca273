using System.Text.Json;
using ActorRuns.Store;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Sql.Tests.Store;

/// <summary>What every store of items must do.</summary>
public abstract class ItemStoreTck : IAsyncLifetime
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected IItemStore Store { get; private set; } = null!; // Opened before each test.

    protected abstract Task<IItemStore> OpenAsync();

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_is_put_is_got_with_its_place_and_times()
    {
        await PutAsync("users.ü", "it's", """{"theme":"dark","n":[1,null]}""");

        var item = await GetAsync("users.ü", "it's");

        Assert.Equal((Space("users.ü"), "it's"), (item!.Namespace, item.Key));
        Assert.Equal("""{"theme":"dark","n":[1,null]}""", item.Value.GetRawText());
        Assert.Equal((Time.GetUtcNow(), Time.GetUtcNow()), (item.CreatedAt, item.UpdatedAt));
    }

    [Fact]
    public async Task A_second_put_replaces_the_value_and_keeps_the_time_of_the_first()
    {
        var first = Time.GetUtcNow();
        await PutAsync("a", "k", """{"x":1}""");
        Time.Advance(Minute);

        await PutAsync("a", "k", """{"y":2}""");

        var item = await GetAsync("a", "k");
        Assert.Equal("""{"y":2}""", item!.Value.GetRawText());
        Assert.Equal((first, first + Minute), (item.CreatedAt, item.UpdatedAt));
    }

    [Fact]
    public async Task Keys_that_differ_in_signs_that_nobody_sees_are_different_ones_and_in_order()
    {
        string[] keys = ["", "\0", "\0\0", "\u0001", "\u0001\0", "\u0001\u0001", "\u0002"];
        foreach (var key in keys.Reverse())
            await PutAsync("a\0", key, $$"""{"n":{{key.Length}}}""");

        Assert.Equal(keys, await InOrderAsync(new ItemQuery { Limit = 10, Within = Space("a\0") }));
        Assert.Equal(2, (await GetAsync("a\0", "\0\0"))!.Value.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task What_is_put_after_its_time_is_a_new_item()
    {
        await PutAsync("a", "k", ttl: Minute);
        Time.Advance(Minute);

        await PutAsync("a", "k");

        Assert.Equal(Time.GetUtcNow(), (await GetAsync("a", "k"))!.CreatedAt);
    }

    [Fact]
    public async Task A_key_is_one_thing_in_one_namespace_only()
    {
        await PutAsync("a", "k");
        await PutAsync("a.b", "k");

        await Store.DeleteAsync(Space("a"), "k", CancellationToken.None);
        await Store.DeleteAsync(Space("a"), "k", CancellationToken.None);

        Assert.Null(await GetAsync("a", "k"));
        Assert.Null(await GetAsync("a.b", "K"));
        Assert.NotNull(await GetAsync("a.b", "k"));
    }

    [Fact]
    public async Task A_search_looks_into_a_namespace_and_those_below_it_but_not_into_its_neighbours()
    {
        foreach (var space in (string[])["a", "a.b", "a.b.c", "a-b", "a/b", "ab", "A.b", "%"])
            await PutAsync(space, space);

        Assert.Equal(["a", "a.b", "a.b.c"], await KeysAsync(new ItemQuery { Limit = 10, Within = Space("a") }));
        Assert.Equal(["a.b", "a.b.c"], await KeysAsync(new ItemQuery { Limit = 10, Within = Space("a.b") }));
        Assert.Equal(["%"], await KeysAsync(new ItemQuery { Limit = 10, Within = Space("%") }));
        Assert.Equal(8, (await KeysAsync(new ItemQuery { Limit = 10 })).Count);
    }

    [Fact]
    public async Task A_search_filters_by_value_and_by_text_at_any_depth()
    {
        await PutAsync("a", "one", """{"kind":"x","n":1,"deep":[{"said":"Über den Wolken"}]}""");
        await PutAsync("a", "two", """{"kind":"x","n":2,"über":"no"}""");

        Assert.Equal(["two"], await KeysAsync(Filtered("""{"kind":"x","n":{"$gt":1}}""")));
        Assert.Equal(["one"], await KeysAsync(new ItemQuery { Limit = 10, Text = "üBER DEN" }));
        Assert.Equal([], await KeysAsync(Filtered("""{"n":1}""") with { Text = "no" }));
    }

    [Fact]
    public async Task A_search_has_what_was_put_last_first_and_its_pages_do_not_overlap()
    {
        foreach (var key in (string[])["a", "b", "c"])
        {
            await PutAsync("a", key);
            Time.Advance(Minute);
        }

        await PutAsync("a", "a");

        Assert.Equal(["a", "c"], await InOrderAsync(new ItemQuery { Limit = 2 }));
        Assert.Equal(["b"], await InOrderAsync(new ItemQuery { Limit = 2, Offset = 2 }));
        Assert.Equal([], await InOrderAsync(new ItemQuery { Limit = 2, Offset = 4 }));
    }

    [Fact]
    public async Task Namespaces_are_listed_by_how_they_begin_and_end_where_a_star_is_any_label()
    {
        foreach (var space in (string[])["a.x.1", "a.y.1", "a.y.2", "b"])
            await PutAsync(space, "k");
        await PutAsync("a.x.1", "k2");

        Assert.Equal(["a.x.1", "a.y.1", "a.y.2", "b"], await SpacesAsync(new NamespaceQuery { Limit = 10 }));
        Assert.Equal(["a.y.1", "a.y.2"], await SpacesAsync(new NamespaceQuery { Limit = 10, Prefix = ["a", "y"] }));
        Assert.Equal(["a.x.1", "a.y.1"], await SpacesAsync(new NamespaceQuery { Limit = 10, Suffix = ["*", "1"] }));
        Assert.Equal(["a.y.2"], await SpacesAsync(new NamespaceQuery { Limit = 10, Prefix = ["*"], Suffix = ["2"] }));
        Assert.Equal([], await SpacesAsync(new NamespaceQuery { Limit = 10, Prefix = ["a", "x", "1", "*"] }));
    }

    [Fact]
    public async Task Namespaces_that_are_cut_to_the_same_labels_are_one_and_are_paged_as_such()
    {
        foreach (var space in (string[])["a.x", "a.y", "a-b.z", "b"])
            await PutAsync(space, "k");
        var query = new NamespaceQuery { Limit = 2, MaxDepth = 1 };

        Assert.Equal(["a", "a-b"], await SpacesAsync(query));
        Assert.Equal(["b"], await SpacesAsync(query with { Offset = 2 }));
    }

    [Fact]
    public async Task What_has_lasted_its_time_is_gone_for_every_question()
    {
        await PutAsync("a", "k", ttl: Minute);

        Time.Advance(Minute);

        Assert.Null(await GetAsync("a", "k"));
        Assert.Empty(await KeysAsync(new ItemQuery { Limit = 10 }));
        Assert.Empty(await SpacesAsync(new NamespaceQuery { Limit = 10 }));
    }

    [Fact]
    public async Task What_is_put_again_after_its_time_is_new_and_lasts_as_the_last_put_says()
    {
        await PutAsync("a", "k", ttl: Minute);
        Time.Advance(Minute);

        await PutAsync("a", "k");

        Time.Advance(10 * Minute);
        Assert.Equal(Time.GetUtcNow() - (10 * Minute), (await GetAsync("a", "k"))!.CreatedAt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_reads_or_finds_an_item_makes_it_last_again_unless_told_not_to(bool refreshes)
    {
        await PutAsync("a", "got", ttl: 2 * Minute);
        await PutAsync("b", "found", ttl: 2 * Minute);
        Time.Advance(Minute);

        await Store.GetAsync(Space("a"), "got", refreshes, CancellationToken.None);
        await KeysAsync(new ItemQuery { Limit = 10, Within = Space("b"), RefreshesTtl = refreshes });

        Time.Advance(Minute);
        Assert.Equal(refreshes ? ["found", "got"] : [], await KeysAsync(new ItemQuery { Limit = 10 }));
    }

    protected Task PutAsync(string space, string key, string value = "{}", TimeSpan? ttl = null) =>
        Store.PutAsync(Space(space), key, JsonElement.Parse(value), ttl, CancellationToken.None);

    protected static ItemNamespace Space(string path) => ItemNamespace.TryCreate(path.Split('.'), out var space)
        ? space
        : throw new ArgumentException($"'{path}' is no namespace.", nameof(path));

    private Task<StoreItem?> GetAsync(string space, string key) =>
        Store.GetAsync(Space(space), key, refreshesTtl: false, CancellationToken.None);

    private async Task<IReadOnlyList<string>> InOrderAsync(ItemQuery query) =>
        [.. (await Store.SearchAsync(query, CancellationToken.None)).Select(item => item.Key)];

    private async Task<IReadOnlyList<string>> KeysAsync(ItemQuery query) =>
        [.. (await InOrderAsync(query)).Order(StringComparer.Ordinal)];

    private async Task<IEnumerable<string>> SpacesAsync(NamespaceQuery query) =>
        (await Store.ListNamespacesAsync(query, CancellationToken.None)).Select(space => space.Path);

    private static ItemQuery Filtered(string filter) => ItemFilter.TryRead(JsonElement.Parse(filter), out var read)
        ? new ItemQuery { Limit = 10, Filter = read }
        : throw new ArgumentException($"{filter} is no filter.", nameof(filter));
}
