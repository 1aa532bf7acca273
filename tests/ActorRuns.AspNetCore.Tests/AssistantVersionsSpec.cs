using System.Net;
using System.Text.Json;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Assistants that callers make, as the API shows them.</summary>
public sealed class AssistantVersionsSpec : ApiTest
{
    private const string Id = "0192f3a1-7b8c-7def-8123-456789abcdef";

    [Fact]
    public async Task A_new_assistant_is_shown_as_it_was_made()
    {
        var made = await MakeAsync(""","name":"mine","description":"d","config":{"tags":["x"]},"metadata":{"k":1}""");

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal(
            $$$"""{"assistant_id":"{{{Id}}}","graph_id":"gated","name":"mine","description":"d","version":1"""
            + ""","config":{"tags":["x"]},"context":{},"metadata":{"k":1}"""
            + ""","created_at":"2026-03-01T12:00:00.000Z","updated_at":"2026-03-01T12:00:00.000Z"}""",
            made.Body);
        Assert.Equal(made.Body, (await GetAsync($"/assistants/{Id}")).Body);
    }

    [Theory]
    [InlineData("""{}""", "graph_id")]
    [InlineData("""{"graph_id":"none"}""", "graph_id")]
    [InlineData("""{"graph_id":"gated","assistant_id":"x"}""", "assistant_id")]
    [InlineData("""{"graph_id":"gated","metadata":[]}""", "metadata")]
    [InlineData("""{"graph_id":"gated","config":{"configurable":1}}""", "config.configurable")]
    [InlineData("""{"graph_id":"gated","if_exists":"maybe"}""", "if_exists")]
    public async Task A_field_that_is_wrong_is_named(string body, string field)
    {
        var answer = await PostAsync("/assistants", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
    }

    [Theory]
    [InlineData("PATCH", "/assistants/gated", """{"name":"x"}""")]
    [InlineData("DELETE", "/assistants/gated", null)]
    [InlineData("POST", "/assistants/gated/latest", """{"version":1}""")]
    public async Task The_assistant_of_a_graph_itself_cannot_be_changed(string method, string path, string? body)
    {
        var answer = await SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal(1, (await GetAsync("/assistants/gated")).Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Versions_are_listed_the_newest_first_and_only_those_with_the_metadata_asked_for()
    {
        await MakeAsync(""","metadata":{"stage":"a"}""");
        await SendAsync(HttpMethod.Patch, $"/assistants/{Id}", """{"metadata":{"stage":"b"}}""");
        await SendAsync(HttpMethod.Patch, $"/assistants/{Id}", "{}");

        Assert.Equal([3, 2, 1], await VersionsAsync("{}"));
        Assert.Equal([2], await VersionsAsync("""{"limit":1,"offset":1}"""));
        Assert.Equal([1], await VersionsAsync("""{"metadata":{"stage":"a"}}"""));
        Assert.Equal([1], (await PostAsync("/assistants/gated/versions")).Json.EnumerateArray().Select(NumberOf));
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_not_found()
    {
        await MakeAsync();

        var unknown = await PostAsync($"/assistants/{Id}/latest", """{"version":2}""");
        var unnamed = await PostAsync($"/assistants/{Id}/latest", "{}");

        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unnamed.Status);
    }

    [Fact]
    public async Task A_run_has_its_own_settings_over_those_of_its_assistant_key_by_key()
    {
        await MakeAsync(
            ""","config":{"tags":["t"],"recursion_limit":7,"configurable":{"a":1,"b":1}},"context":{"a":1,"b":1}""");
        var thread = await NewThreadAsync();

        var run = await PostAsync(
            $"/threads/{thread}/runs",
            $$$"""{"assistant_id":"{{{Id}}}","context":{"b":2}"""
            + ""","config":{"recursion_limit":9,"configurable":{"b":2}}}""");

        var kwargs = run.Json.GetProperty("kwargs");
        var config = kwargs.GetProperty("config");
        Assert.Equal("""["t"]""", config.GetProperty("tags").GetRawText());
        Assert.Equal(9, config.GetProperty("recursion_limit").GetInt32());
        Assert.Equal(1, config.GetProperty("configurable").GetProperty("a").GetInt32());
        Assert.Equal(2, config.GetProperty("configurable").GetProperty("b").GetInt32());
        Assert.Equal(Id, config.GetProperty("configurable").GetProperty("assistant_id").GetString());
        Assert.Equal("""{"a":1,"b":2}""", kwargs.GetProperty("context").GetRawText());
    }

    [Fact]
    public async Task Threads_stay_when_their_assistant_is_deleted_unless_they_are_to_go_too()
    {
        var kept = await DeleteAfterRunAsync("");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/threads/{kept}")).Status);

        var gone = await DeleteAfterRunAsync("?delete_threads=true");
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{gone}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/threads/{kept}")).Status);
    }

    [Fact]
    public async Task Who_is_deleted_stops_its_runs_and_leaves_those_of_others_alone()
    {
        var id = (await PostAsync("/assistants", """{"graph_id":"gated"}""")).Text("assistant_id");
        var (thread, other) = (await NewThreadAsync(), await NewThreadAsync());
        var body = $$$"""{"assistant_id":"{{{id}}}","input":{"messages":[]}}""";
        var running = (await PostAsync($"/threads/{thread}/runs", body)).Text("run_id");
        var visit = Graph.Next();
        var others = await NewRunAsync(other);
        Graph.Next();
        var waiting = (await PostAsync($"/threads/{other}/runs", body)).Text("run_id");

        await SendAsync(HttpMethod.Delete, $"/assistants/{id}", body: null);

        await visit.Cancelled.Task.WaitAsync(Patience);
        Assert.Equal("interrupted", (await GetAsync($"/threads/{thread}/runs/{running}")).Text("status"));
        Assert.Equal("interrupted", (await GetAsync($"/threads/{other}/runs/{waiting}")).Text("status"));
        Assert.Equal("running", (await GetAsync($"/threads/{other}/runs/{others}")).Text("status"));
    }

    private async Task<string> DeleteAfterRunAsync(string query)
    {
        var made = await PostAsync("/assistants", """{"graph_id":"gated"}""");
        var id = made.Text("assistant_id");
        var thread = await NewThreadAsync();
        var run = await PostAsync(
            $"/threads/{thread}/runs", $$$"""{"assistant_id":"{{{id}}}","input":{"messages":[]}}""");
        Graph.Next().Answer("done");
        await GetAsync($"/threads/{thread}/runs/{run.Text("run_id")}/join");

        var deleted = await SendAsync(HttpMethod.Delete, $"/assistants/{id}{query}", body: null);

        Assert.Equal($"""["{id}"]""", deleted.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/assistants/{id}")).Status);
        return thread;
    }

    private Task<Answer> MakeAsync(string options = "") =>
        PostAsync("/assistants", $$"""{"graph_id":"gated","assistant_id":"{{Id}}"{{options}}}""");

    private async Task<IEnumerable<int>> VersionsAsync(string body) =>
        (await PostAsync($"/assistants/{Id}/versions", body)).Json.EnumerateArray().Select(NumberOf);

    private static int NumberOf(JsonElement version) => version.GetProperty("version").GetInt32();
}
