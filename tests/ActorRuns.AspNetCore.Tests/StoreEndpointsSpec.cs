using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The store, as the API shows it.</summary>
public sealed class StoreEndpointsSpec : ApiTest
{
    private const string Item = """
        {"namespace":["users","ada"],"key":"prefs","value":{"theme":"dark"},"created_at":"2026-03-01T12:00:00.000Z"
        """;

    [Fact]
    public async Task An_item_is_put_got_found_and_deleted()
    {
        var put = await PutAsync("""{"namespace":["users","ada"],"key":"prefs","value":{"theme":"dark"}}""");
        var got = await GetAsync("/store/items?namespace=users.ada&key=prefs");
        var found = await PostAsync("/store/items/search", """{"namespace_prefix":["users"]}""");
        var spaces = await PostAsync("/store/namespaces", """{"prefix":["users"]}""");
        var deleted = await SendAsync(
            HttpMethod.Delete, "/store/items", """{"namespace":["users","ada"],"key":"prefs"}""");
        var gone = await GetAsync("/store/items?namespace=users.ada&key=prefs");

        Assert.Equal((HttpStatusCode.NoContent, ""), (put.Status, put.Body));
        Assert.Equal($$"""{{Item}},"updated_at":"2026-03-01T12:00:00.000Z"}""", got.Body);
        Assert.Equal($$"""{"items":[{{got.Body}}]}""", found.Body);
        Assert.Equal("""{"namespaces":[["users","ada"]]}""", spaces.Body);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal((HttpStatusCode.OK, "null"), (gone.Status, gone.Body));
    }

    [Fact]
    public async Task An_item_lasts_for_its_minutes_counted_from_when_it_was_last_read()
    {
        await PutAsync("""{"namespace":["a"],"key":"k","value":{},"ttl":1.5}""");
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual("null", (await GetAsync("/store/items?namespace=a&key=k")).Body);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual("null", (await GetAsync("/store/items?namespace=a&key=k&refresh_ttl=false")).Body);
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("null", (await GetAsync("/store/items?namespace=a&key=k")).Body);
    }

    [Theory]
    [InlineData("""{"key":"k","value":{}}""", "namespace")]
    [InlineData("""{"namespace":[],"key":"k","value":{}}""", "namespace")]
    [InlineData("""{"namespace":["a.b"],"key":"k","value":{}}""", "namespace")]
    [InlineData("""{"namespace":["a",""],"key":"k","value":{}}""", "namespace")]
    [InlineData("""{"namespace":["a",1],"key":"k","value":{}}""", "namespace")]
    [InlineData("""{"namespace":["a"],"value":{}}""", "key")]
    [InlineData("""{"namespace":["a"],"key":"","value":{}}""", "key")]
    [InlineData("""{"namespace":["a"],"key":"k"}""", "value")]
    [InlineData("""{"namespace":["a"],"key":"k","value":"text"}""", "value")]
    [InlineData("""{"namespace":["a"],"key":"k","value":{},"ttl":0}""", "ttl")]
    [InlineData("""{"namespace":["a"],"key":"k","value":{},"ttl":"1"}""", "ttl")]
    public async Task A_field_of_a_put_that_is_wrong_is_named(string body, string field) =>
        AssertNames(field, await PutAsync(body));

    [Theory]
    [InlineData("items/search", """{}""", "namespace_prefix")]
    [InlineData("items/search", """{"namespace_prefix":["a."]}""", "namespace_prefix")]
    [InlineData("items/search", """{"namespace_prefix":[],"filter":{"n":{"$like":1}}}""", "filter")]
    [InlineData("items/search", """{"namespace_prefix":[],"limit":0}""", "limit")]
    [InlineData("items/search", """{"namespace_prefix":[],"query":1}""", "query")]
    [InlineData("namespaces", """{"max_depth":0}""", "max_depth")]
    [InlineData("namespaces", """{"prefix":[""]}""", "prefix")]
    public async Task A_field_of_a_search_that_is_wrong_is_named(string path, string body, string field) =>
        AssertNames(field, await PostAsync($"/store/{path}", body));

    [Theory]
    [InlineData("?key=k", "namespace")]
    [InlineData("?namespace=a..b&key=k", "namespace")]
    [InlineData("?namespace=a", "key")]
    [InlineData("?namespace=a&key=k&refresh_ttl=maybe", "refresh_ttl")]
    public async Task A_part_of_a_query_that_is_wrong_is_named(string query, string field) =>
        AssertNames(field, await GetAsync($"/store/items{query}"));

    private Task<Answer> PutAsync(string body) => SendAsync(HttpMethod.Put, "/store/items", body);

    private static void AssertNames(string field, Answer answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
    }
}
