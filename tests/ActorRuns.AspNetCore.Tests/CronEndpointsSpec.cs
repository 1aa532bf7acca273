using System.Net;
using System.Text.Json;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Crons: made, found, changed and deleted. It is noon of 1 March 2026.</summary>
public sealed class CronEndpointsSpec : ApiTest
{
    [Fact]
    public async Task A_cron_is_answered_with_what_it_asks_and_when_it_comes()
    {
        var made = await PostAsync("/runs/crons", Body("""
            "schedule":"0 9 * * *","timezone":"Europe/Berlin","end_time":"2027-01-01T00:00:00Z","metadata":{"k":1},
            "multitask_strategy":"interrupt","config":{"configurable":{"tone":"dry"}},"on_run_completed":"keep"
            """));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal("0 9 * * *", made.Text("schedule"));
        Assert.Equal("Europe/Berlin", made.Text("timezone"));
        Assert.Equal("2026-03-02T08:00:00.000Z", made.Text("next_run_date"));
        Assert.Equal("2027-01-01T00:00:00.000Z", made.Text("end_time"));
        Assert.Equal("2026-03-01T12:00:00.000Z", made.Text("created_at"));
        Assert.Equal("keep", made.Text("on_run_completed"));
        Assert.Equal("""{"k":1}""", made.Json.GetProperty("metadata").GetRawText());
        Assert.Equal(JsonValueKind.Null, made.Json.GetProperty("thread_id").ValueKind);
        Assert.True(made.Json.GetProperty("enabled").GetBoolean());
        var payload = made.Json.GetProperty("payload");
        Assert.Equal("""{"messages":[]}""", payload.GetProperty("input").GetRawText());
        Assert.Equal("interrupt", payload.GetProperty("multitask_strategy").GetString());
        Assert.Equal("""{"configurable":{"tone":"dry"}}""", payload.GetProperty("config").GetRawText());
        Assert.Equal((await GetAsync("/assistants/gated")).Text("assistant_id"), made.Text("assistant_id"));
    }

    [Fact]
    public async Task A_cron_of_a_thread_is_found_by_it()
    {
        var thread = await NewThreadAsync();

        var made = await PostAsync($"/threads/{thread}/runs/crons", Body("\"schedule\":\"@daily\""));

        Assert.Equal(thread, made.Text("thread_id"));
        Assert.False(made.Json.TryGetProperty("on_run_completed", out _));
        var found = await PostAsync("/runs/crons/search", $$"""{"thread_id":"{{thread}}"}""");
        Assert.Equal(made.Body, Assert.Single(found.Json.EnumerateArray()).GetRawText());
        Assert.Equal("1", found.Headers["X-Pagination-Total"]);
        Assert.Equal("0", (await PostAsync("/runs/crons/count", $$"""{"thread_id":"{{Guid.NewGuid()}}"}""")).Body);
    }

    [Theory]
    [InlineData("\"schedule\":\"every now and then\"", "schedule")]
    [InlineData("\"schedule\":\"61 * * * *\"", "schedule")]
    [InlineData("\"timezone\":\"UTC\"", "schedule")]
    [InlineData("\"schedule\":\"@daily\",\"timezone\":\"Nowhere/Land\"", "timezone")]
    [InlineData("\"schedule\":\"@daily\",\"end_time\":\"tomorrow\"", "end_time")]
    [InlineData("\"schedule\":\"@daily\",\"enabled\":\"yes\"", "enabled")]
    [InlineData("\"schedule\":\"@daily\",\"on_run_completed\":\"forget\"", "on_run_completed")]
    [InlineData("\"schedule\":\"@daily\",\"multitask_strategy\":\"shout\"", "multitask_strategy")]
    [InlineData("\"schedule\":\"@daily\",\"webhook\":\"/hook\"", "webhook")]
    public async Task A_field_that_is_wrong_is_named(string fields, string field)
    {
        var refused = await PostAsync("/runs/crons", Body(fields));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal([field], refused.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task What_is_wrong_with_a_schedule_is_said()
    {
        var refused = await PostAsync("/runs/crons", Body("\"schedule\":\"0 24 * * *\""));

        Assert.Equal(
            "schedule: expected hour to be numbers from 0 to 23, ranges that go up (a-b), steps (*/n, a-b/n) or a list "
            + "of these, not '24'.",
            refused.Text("detail"));
    }

    [Fact]
    public async Task An_assistant_or_a_thread_that_is_not_there_is_not_found()
    {
        var nobody = """{"assistant_id":"nobody","schedule":"@daily"}""";

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/runs/crons", nobody)).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await PostAsync($"/threads/{Guid.NewGuid()}/runs/crons", Body("\"schedule\":\"@daily\""))).Status);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_leaves_the_rest()
    {
        var id = await NewCronAsync("""
            "schedule":"@daily","end_time":"2027-01-01T00:00:00Z","metadata":{"k":1},"interrupt_before":["tools"]
            """);

        var patched = await PatchAsync(id, """{"schedule":"@hourly","metadata":{"l":2},"end_time":null}""");

        Assert.Equal("2026-03-01T13:00:00.000Z", patched.Text("next_run_date"));
        Assert.Equal("""{"k":1,"l":2}""", patched.Json.GetProperty("metadata").GetRawText());
        Assert.Equal(JsonValueKind.Null, patched.Json.GetProperty("end_time").ValueKind);
        var payload = patched.Json.GetProperty("payload");
        Assert.Equal("""["tools"]""", payload.GetProperty("interrupt_before").GetRawText());
        Assert.Equal("""{"messages":[]}""", payload.GetProperty("input").GetRawText());
        Assert.Equal("delete", patched.Text("on_run_completed"));
    }

    [Fact]
    public async Task A_cron_that_is_switched_off_has_no_next_date_until_it_is_switched_on()
    {
        var id = await NewCronAsync("\"schedule\":\"@hourly\"");

        var off = await PatchAsync(id, """{"enabled":false}""");
        Time.Advance(TimeSpan.FromHours(5));
        var on = await PatchAsync(id, """{"enabled":true}""");

        Assert.Equal(JsonValueKind.Null, off.Json.GetProperty("next_run_date").ValueKind);
        Assert.Equal("2026-03-01T18:00:00.000Z", on.Text("next_run_date"));
        Assert.True(Graph.IsQuiet);
    }

    [Fact]
    public async Task A_patch_that_is_wrong_changes_nothing()
    {
        var id = await NewCronAsync("\"schedule\":\"@hourly\"");

        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, (await PatchAsync(id, """{"enabled":false,"schedule":"?"}""")).Status);

        Assert.Equal("1", (await PostAsync("/runs/crons/count", """{"enabled":true}""")).Body);
    }

    [Fact]
    public async Task A_deleted_cron_is_not_found()
    {
        var id = await NewCronAsync("\"schedule\":\"@daily\"");

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(id)).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync(id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PatchAsync(id, "{}")).Status);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, (await DeleteAsync("x")).Status);
    }

    private Task<Answer> PatchAsync(string id, string body) => SendAsync(HttpMethod.Patch, $"/runs/crons/{id}", body);

    private Task<Answer> DeleteAsync(string id) => SendAsync(HttpMethod.Delete, $"/runs/crons/{id}", body: null);

    private async Task<string> NewCronAsync(string fields) =>
        (await PostAsync("/runs/crons", Body(fields))).Text("cron_id");

    private static string Body(string fields) => $$"""{"assistant_id":"gated","input":{"messages":[]},{{fields}}}""";
}
