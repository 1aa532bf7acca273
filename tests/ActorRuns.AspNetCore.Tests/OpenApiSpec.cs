using System.Text.Json;
using ActorRuns.AspNetCore.Descriptions;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The description of the API says what the API does.</summary>
public sealed class OpenApiSpec : ApiTest
{
    private const string Reference = "#/components/schemas/";

    [Fact]
    public async Task Every_route_is_described_and_nothing_else_is()
    {
        var mapped = ((IEndpointRouteBuilder)App).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Select(method => $"{method} {route.RoutePattern.RawText}"))
            .Where(route => route is not "GET /broken") // The tests' own.
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(mapped, RouteTexts.Routes.Order(StringComparer.Ordinal));
        var paths = (await GetAsync("/openapi.json")).Json.GetProperty("paths");
        Assert.Equal(mapped, paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method =>
                $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_schema_that_is_named_is_there_and_every_one_that_is_there_is_named()
    {
        var document = (await GetAsync("/openapi.json")).Json;

        var named = References(document).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var there = SchemasOf(document).EnumerateObject().Select(schema => schema.Name);
        Assert.Equal(there.Order(StringComparer.Ordinal), named);
    }

    [Fact]
    public async Task What_is_answered_has_no_field_that_is_not_described()
    {
        var schemas = SchemasOf((await GetAsync("/openapi.json")).Json);
        var thread = await NewThreadAsync();
        var run = await FinishedRunAsync(thread);
        await SendAsync(HttpMethod.Put, "/store/items", """{"namespace":["a"],"key":"k","value":{}}""");

        foreach (var (path, schema) in new[]
        {
            ("/ok", "Ok"), ("/info", "About"), ("/assistants/gated", "Assistant"),
            ("/assistants/gated/graph", "Drawing"), ("/assistants/gated/schemas", "GraphSchemas"),
            ($"/threads/{thread}", "Thread"),
            ($"/threads/{thread}/state", "ThreadState"), ($"/threads/{thread}/runs/{run}", "Run"),
            ("/store/items?namespace=a&key=k", "Item"), ("/nothing", "Problem"),
        })
        {
            AssertDescribed((await GetAsync(path)).Json, schemas.GetProperty(schema));
        }

        var cron = await PostAsync("/runs/crons", Say("hi", ""","schedule":"@daily" """));
        AssertDescribed(cron.Json, schemas.GetProperty("Cron"));
    }

    [Fact]
    public async Task A_page_shows_it_without_anything_from_elsewhere()
    {
        var page = await GetAsync("/docs");

        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Contains("openapi.json", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page.Body, StringComparison.Ordinal);
    }

    private static JsonElement SchemasOf(JsonElement document) =>
        document.GetProperty("components").GetProperty("schemas");

    private static void AssertDescribed(JsonElement answer, JsonElement schema)
    {
        var described = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
        Assert.Empty(answer.EnumerateObject().Select(property => property.Name).Except(described));
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name is "$ref" && property.Value.GetString() is { } name
                ? [name[Reference.Length..]]
                : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
