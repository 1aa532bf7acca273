using System.Net;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Every error is a problem document that says what is wrong, and nothing private.</summary>
public sealed class ProblemSpec : ApiTest
{
    private const string SomeId = "0199aaaa-0000-7000-8000-000000000001";

    [Theory]
    [InlineData("GET", "/no/such/route", 404)]
    [InlineData("PUT", "/threads", 405)]
    [InlineData("GET", "/threads/" + SomeId, 404)]
    [InlineData("GET", "/threads/" + SomeId + "/state", 404)]
    [InlineData("GET", "/threads/" + SomeId + "/runs/" + SomeId, 404)]
    [InlineData("GET", "/threads/" + SomeId + "/runs/" + SomeId + "/join", 404)]
    [InlineData("GET", "/threads/" + SomeId + "/runs/" + SomeId + "/stream", 404)]
    [InlineData("GET", "/assistants/none", 404)]
    [InlineData("GET", "/threads/x", 422)]
    [InlineData("GET", "/threads/" + SomeId + "/runs/x", 422)]
    [InlineData("GET", "/threads/" + SomeId + "/state/x", 422)]
    public async Task What_cannot_be_answered_is_a_problem_document(string method, string path, int status)
    {
        var answer = await SendAsync(new HttpMethod(method), path, body: null);

        Assert.Equal(status, (int)answer.Status);
        Assert.StartsWith("application/problem+json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        foreach (var property in (string[])["type", "title", "detail"])
            Assert.NotEmpty(answer.Text(property));
    }

    [Theory]
    [InlineData("{broken")]
    [InlineData("")]
    [InlineData("""{"metadata":{"a":1,"a":2}}""")]
    public async Task A_body_that_cannot_be_read_is_400(string body)
    {
        var answer = await PostAsync("/threads", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Malformed JSON in request body", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_nested_deeper_than_could_be_shown_again_is_400()
    {
        var body = $$$"""{"metadata":{"deep":{{{new string('[', 60)}}}{{{new string(']', 60)}}} }}""";

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/threads", body)).Status);
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once_with_what_was_expected()
    {
        var thread = await NewThreadAsync();

        var answer = await PostAsync($"/threads/{thread}/runs", """
            {"multitask_strategy":"bogus","stream_mode":["values","bogus"],"if_not_exists":"bogus","on_disconnect":1,
             "metadata":[],"after_seconds":-1,"config":{"recursion_limit":0,"configurable":3},"checkpoint_id":"x",
             "command":{"update":3,"goto":7}}
            """);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        var errors = answer.Json.GetProperty("errors");
        Assert.Equal(
            [
                "after_seconds", "assistant_id", "checkpoint_id", "command.goto", "command.update",
                "config.configurable", "config.recursion_limit", "if_not_exists", "metadata", "multitask_strategy",
                "on_disconnect", "stream_mode",
            ],
            errors.EnumerateObject().Select(field => field.Name));
        Assert.Contains("enqueue", errors.GetProperty("multitask_strategy")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_nobody_knows_are_ignored()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/threads", """{"no_such_field":1,"ttl":null}""")).Status);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_told_to_the_log_and_not_to_the_client()
    {
        var answer = await GetAsync("/broken");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        var (level, _, cause) = Assert.Single(Log.Entries);
        Assert.Equal(LogLevel.Error, level);
        Assert.Equal("a secret", cause?.Message);
    }

    [Fact]
    public async Task A_conflict_is_409()
    {
        var thread = await NewThreadAsync();

        var again = await PostAsync("/threads", $$"""{"thread_id":"{{thread}}"}""");

        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains(thread, again.Text("detail"), StringComparison.Ordinal);
    }
}
