using System.Net;
using Akka.Configuration;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What is too large is refused, by name.</summary>
public sealed class LimitSpec() : ApiTest(
    "actorruns.http { max-body-bytes = 2000, max-metadata-bytes = 300, max-messages = 2 }\n")
{
    [Theory]
    [InlineData("/threads")]
    [InlineData("/runs")]
    [InlineData("/store/items/search")]
    public async Task A_body_above_the_limit_is_too_large(string path)
    {
        var answer = await PostAsync(path, $$"""{"x":"{{new string('x', 2000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("The body has more than 2000 bytes.", answer.Text("detail"));
    }

    [Theory]
    [InlineData("/threads", "")]
    [InlineData("/runs", ""","assistant_id":"gated" """)]
    [InlineData("/assistants", ""","graph_id":"gated" """)]
    [InlineData("/runs/crons", ""","assistant_id":"gated","schedule":"@daily" """)]
    public async Task Metadata_above_the_limit_is_named(string path, string fields)
    {
        var answer = await PostAsync(path, $$$"""{"metadata":{"x":"{{{new string('x', 300)}}}"}{{{fields}}}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(
            "expected an object of at most 300 bytes",
            answer.Json.GetProperty("errors").GetProperty("metadata")[0].GetString());
    }

    [Theory]
    [InlineData("\"input\":{\"messages\":[\"a\",\"b\",\"c\"]}", "input.messages")]
    [InlineData("\"input\":[\"a\",\"b\",\"c\"]", "input")]
    [InlineData("\"command\":{\"update\":{\"messages\":[\"a\",\"b\",\"c\"]}}", "command.update.messages")]
    public async Task More_messages_than_may_come_at_once_are_named(string asked, string field)
    {
        var answer = await PostAsync("/runs", $$"""{"assistant_id":"gated",{{asked}}}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(
            "expected at most 2 messages", answer.Json.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task As_many_as_may_come_do()
    {
        var answer = await PostAsync("/runs", """{"assistant_id":"gated","input":{"messages":["a","b"]}}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public void Limits_that_cannot_be_used_are_named_all_together()
    {
        var faults = Assert.Throws<ConfigurationException>(() => ApiOptions.From(ConfigurationFactory.ParseString(
            "actorruns.http { max-body-bytes = 1, heartbeat-every = 0s }")));

        Assert.Contains("actorruns.http.max-body-bytes is 1", faults.Message, StringComparison.Ordinal);
        Assert.Contains("actorruns.http.heartbeat-every is 00:00:00", faults.Message, StringComparison.Ordinal);
    }
}
