using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Options of a run that change little here, and are neither refused nor taken when they are wrong.</summary>
public sealed class RunOptionsSpec : ApiTest
{
    [Theory]
    [InlineData("\"durability\":\"sync\"")]
    [InlineData("\"durability\":\"async\"")]
    [InlineData("\"durability\":\"exit\"")]
    [InlineData("\"checkpoint_during\":true")]
    [InlineData("\"on_completion\":\"complete\"")]
    [InlineData("\"feedback_keys\":[\"thumbs\"]")]
    public async Task An_option_that_the_SDKs_send_is_taken(string option)
    {
        var answer = await PostAsync("/runs", Say("hi", $",{option}"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("\"durability\":\"never\"", "durability")]
    [InlineData("\"checkpoint_during\":\"no\"", "checkpoint_during")]
    [InlineData("\"on_completion\":\"forget\"", "on_completion")]
    [InlineData("\"feedback_keys\":7", "feedback_keys")]
    [InlineData("\"if_not_exists\":\"maybe\"", "if_not_exists")]
    [InlineData("\"on_disconnect\":\"maybe\"", "on_disconnect")]
    [InlineData("\"stream_subgraphs\":\"yes\"", "stream_subgraphs")]
    [InlineData("\"stream_resumable\":\"yes\"", "stream_resumable")]
    [InlineData("\"after_seconds\":-1", "after_seconds")]
    [InlineData("\"checkpoint\":{\"checkpoint_id\":\"x\"}", "checkpoint")]
    public async Task An_option_that_is_wrong_is_named(string option, string field)
    {
        var answer = await PostAsync("/runs", Say("hi", $",{option}"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
    }

    [Fact]
    public async Task The_thread_of_a_stateless_run_stays_when_the_run_is_to_continue()
    {
        var created = await PostAsync("/runs", Say("hi", ""","on_completion":"continue" """));
        Graph.Next().Answer("done");
        await GetAsync($"{created.Headers["Content-Location"]}/join");

        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/threads/{created.Text("thread_id")}")).Status);
    }

    [Fact]
    public async Task What_feedback_is_collected_under_is_kept_with_the_run()
    {
        var run = await PostAsync("/runs", Say("hi", ""","feedback_keys":["thumbs"]"""));

        Assert.Equal("thumbs", run.Json.GetProperty("kwargs").GetProperty("feedback_keys")[0].GetString());
    }
}
