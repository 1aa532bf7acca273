using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ActorRuns.Hosting;
using ActorRuns.Store;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What is told while the database of what is kept beside the journal cannot be reached.</summary>
public sealed class DatabaseAwaySpec : ApiTest
{
    protected override RuntimeStores Stores => base.Stores with { Items = new AwayItemStore() };

    [Theory]
    [InlineData("GET", "/store/items?namespace=a&key=k", null)]
    [InlineData("PUT", "/store/items", """{"namespace":["a"],"key":"k","value":{}}""")]
    public async Task What_cannot_be_kept_or_found_may_be_tried_again(string method, string path, string? body)
    {
        var answer = await SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal(
            "The database cannot be reached; a change may have been made or not", answer.Text("detail"));
        Assert.DoesNotContain("example", answer.Body, StringComparison.Ordinal);
        var (level, text, _) = Assert.Single(Log.Entries);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains("database of example cannot be reached: gone fishing", text, StringComparison.Ordinal);
    }

    private sealed class AwayItemStore : IItemStore
    {
        public Task PutAsync(
            ItemNamespace space, string key, JsonElement value, TimeSpan? ttl, CancellationToken cancellationToken) =>
            throw Away();

        public Task<StoreItem?> GetAsync(
            ItemNamespace space, string key, bool refreshesTtl, CancellationToken cancellationToken) =>
            throw Away();

        public Task DeleteAsync(ItemNamespace space, string key, CancellationToken cancellationToken) => throw Away();

        public Task<ImmutableArray<StoreItem>> SearchAsync(ItemQuery query, CancellationToken cancellationToken) =>
            throw Away();

        public Task<ImmutableArray<ItemNamespace>> ListNamespacesAsync(
            NamespaceQuery query, CancellationToken cancellationToken) => throw Away();

        private static StoreUnavailableException Away() =>
            new("database of example", new InvalidOperationException("gone fishing"));
    }
}
