using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Requests with a key or a guard, and answers that nobody waits for.</summary>
public sealed class IdempotencySpec : ApiTest
{
    [Fact]
    public async Task A_request_that_is_sent_again_is_answered_with_its_run_and_says_so()
    {
        var runs = $"/threads/{await NewThreadAsync()}/runs";
        var first = await PostAsync(runs, Say("hi"), ("Idempotency-Key", "k"));

        var spaced = Say("hi").Replace(":", " : ", StringComparison.Ordinal);
        var again = await PostAsync(runs, spaced, ("Idempotency-Key", "k"));

        Assert.Equal(first.Text("run_id"), again.Text("run_id"));
        Assert.Equal(first.Headers["Content-Location"], again.Headers["Content-Location"]);
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.False(first.Headers.ContainsKey("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_a_conflict()
    {
        var runs = $"/threads/{await NewThreadAsync()}/runs";
        await PostAsync(runs, Say("hi"), ("Idempotency-Key", "k"));

        var other = await PostAsync(runs, Say("bye"), ("Idempotency-Key", "k"));

        Assert.Equal(HttpStatusCode.Conflict, other.Status);
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        var runs = $"/threads/{await NewThreadAsync()}/runs";

        var answer = await PostAsync(runs, Say("hi"), ("Idempotency-Key", new string('k', 256)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [Fact]
    public async Task A_key_of_a_run_without_a_thread_is_refused()
    {
        var answer = await PostAsync("/runs", Say("hi"), ("Idempotency-Key", "k"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [Theory]
    [InlineData("\"busy\"", HttpStatusCode.Conflict)]
    [InlineData("""["busy","error"]""", HttpStatusCode.Conflict)]
    [InlineData("""["busy","idle"]""", HttpStatusCode.OK)]
    [InlineData("\"lazy\"", HttpStatusCode.UnprocessableEntity)]
    public async Task A_run_is_only_taken_on_a_thread_that_is_at_what_its_sender_has_seen(
        string status, HttpStatusCode expected)
    {
        var runs = $"/threads/{await NewThreadAsync()}/runs";

        var answer = await PostAsync(runs, Say("hi", $""","if_thread_status":{status}"""));

        Assert.Equal(expected, answer.Status);
        if (expected is HttpStatusCode.Conflict)
            Assert.StartsWith("thread_status_mismatch", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_nobody_waits_for_is_a_conflict()
    {
        var runs = $"/threads/{await NewThreadAsync()}/runs";

        var answer = await PostAsync(runs, """{"assistant_id":"gated","command":{"resume":"yes"}}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }
}
