using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What the server says of itself and of the agents it has.</summary>
public sealed class AssistantEndpointsSpec : ApiTest
{
    [Fact]
    public async Task The_server_is_well_and_says_what_it_serves()
    {
        Assert.Equal("""{"ok":true}""", (await GetAsync("/ok")).Body);
        var flags = (await GetAsync("/info")).Json.GetProperty("flags");
        Assert.True(flags.GetProperty("assistants").GetBoolean());
    }

    [Fact]
    public async Task An_assistant_is_found_by_its_graph_and_by_its_id()
    {
        var byName = await GetAsync("/assistants/gated");

        Assert.Equal(byName.Body, (await GetAsync($"/assistants/{byName.Text("assistant_id")}")).Body);
        Assert.Equal("gated", byName.Text("graph_id"));
        Assert.Equal("system", byName.Json.GetProperty("metadata").GetProperty("created_by").GetString());
    }

    [Fact]
    public async Task The_schemas_have_the_channels_of_the_graph()
    {
        var schemas = (await GetAsync("/assistants/gated/schemas")).Json;

        Assert.Equal("gated", schemas.GetProperty("graph_id").GetString());
        foreach (var name in new[] { "input_schema", "output_schema", "state_schema" })
        {
            var messages = schemas.GetProperty(name).GetProperty("properties").GetProperty("messages");
            Assert.Equal("array", messages.GetProperty("type").GetString());
        }

        Assert.Equal("object", schemas.GetProperty("config_schema").GetProperty("type").GetString());
        Assert.Equal("object", schemas.GetProperty("context_schema").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/assistants/gated/subgraphs")]
    [InlineData("/assistants/gated/subgraphs?recurse=true")]
    [InlineData("/assistants/gated/subgraphs/none")]
    public async Task A_graph_without_graphs_within_has_no_subgraphs(string path) =>
        Assert.Equal("{}", (await GetAsync(path)).Body);

    [Fact]
    public async Task A_drawing_has_the_nodes_and_the_ways_of_the_graph()
    {
        var drawing = (await GetAsync("/assistants/gated/graph")).Json;

        var ways = drawing.GetProperty("edges").EnumerateArray().Select(edge =>
        {
            var mark = edge.GetProperty("conditional").GetBoolean() ? "?" : "";
            return $"{edge.GetProperty("source")}>{edge.GetProperty("target")}{mark}";
        });
        Assert.Equal(["__start__>agent", "agent>tools?", "agent>__end__?", "tools>agent"], ways);
        Assert.Equal(4, drawing.GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task A_search_tells_the_number_of_matches()
    {
        var found = await PostAsync("/assistants/search", """{"name":"GATE"}""");

        Assert.Equal(1, found.Json.GetArrayLength());
        Assert.Equal("1", found.Headers["X-Pagination-Total"]);
        Assert.False(found.Headers.ContainsKey("X-Pagination-Next"));
        Assert.Equal("0", (await PostAsync("/assistants/count", """{"graph_id":"other"}""")).Body);
    }
}
