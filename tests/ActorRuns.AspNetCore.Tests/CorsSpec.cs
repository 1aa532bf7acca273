using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Web pages of any origin may use the API, errors included.</summary>
public sealed class CorsSpec : ApiTest
{
    private static readonly (string, string) Origin = ("Origin", "http://page.example");

    [Fact]
    public async Task A_preflight_allows_the_methods_and_the_headers_that_are_asked_for()
    {
        var answer = await SendAsync(
            HttpMethod.Options,
            "/threads",
            body: null,
            Origin,
            ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "content-type,x-api-key"));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("DELETE", answer.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.Contains("x-api-key", answer.Headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ok")]
    [InlineData("/no/such/route")]
    [InlineData("/broken")]
    public async Task Any_page_may_read_any_answer_with_the_headers_that_clients_use(string path)
    {
        var answer = await GetAsync(path, Origin);

        Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
        foreach (var header in (string[])["Content-Location", "Location", "X-Pagination-Total", "X-Pagination-Next"])
            Assert.Contains(header, answer.Headers["Access-Control-Expose-Headers"], StringComparison.Ordinal);
    }
}
