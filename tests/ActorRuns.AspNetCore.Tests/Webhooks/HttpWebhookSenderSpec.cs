using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorRuns.AspNetCore.Webhooks;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;
using Akka.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.AspNetCore.Tests.Webhooks;

/// <summary>How a webhook is called, what counts as taken, and what is never called.</summary>
public sealed class HttpWebhookSenderSpec
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ThreadId Thread = new(Guid.Parse("01a20236-127d-72c8-8b32-86d92e62e4da"));
    private static readonly RunId Run = new(Guid.Parse("01a20236-128a-7760-9c43-736622dfede1"));

    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task A_call_is_a_POST_of_the_run_as_it_ended()
    {
        await using var receiver = await AnsweringAsync(StatusCodes.Status204NoContent);
        using var sender = Sender();

        var answer = await SendAsync(sender, new Uri(receiver.Address, "/hook?key=1"));

        var call = await receiver.NextAsync();
        Assert.Equal(new WebhookAnswer.Taken(), answer);
        Assert.Equal("/hook?key=1", call.Path);
        Assert.Equal("application/json", call.Headers["content-type"]);
        var body = JsonElement.Parse(call.Body);
        Assert.Equal(
            [$"{Run}", $"{Thread}", "error", "It broke.", "2026-03-01T12:00:00.000Z"],
            ((string[])["run_id", "thread_id", "status", "error", "webhook_sent_at"]).Select(name => Text(body, name)));
        Assert.Equal(1, body.GetProperty("values").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_call_is_signed_over_its_id_its_time_and_its_body()
    {
        await using var receiver = await AnsweringAsync(StatusCodes.Status200OK);
        using var sender = Sender(secret: "whsec_c2VjcmV0");

        await SendAsync(sender, receiver.Address);
        await SendAsync(sender, receiver.Address);

        var call = await receiver.NextAsync();
        var again = await receiver.NextAsync();
        Assert.Equal((Run.ToString(), "1772366400"), (call.Headers["webhook-id"], call.Headers["webhook-timestamp"]));
        var signed = $"{Run}.1772366400.{call.Body}";
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes("secret"), Encoding.UTF8.GetBytes(signed));
        Assert.Equal($"v1,{Convert.ToBase64String(expected)}", call.Headers["webhook-signature"]);
        Assert.Equal(call.Headers["webhook-id"], again.Headers["webhook-id"]);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        await using var receiver = await AnsweringAsync(StatusCodes.Status200OK);
        using var sender = Sender();

        await SendAsync(sender, receiver.Address);

        Assert.DoesNotContain("webhook-signature", (await receiver.NextAsync()).Headers.Keys);
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status429TooManyRequests)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task What_is_answered_with_an_error_may_be_taken_later(int status)
    {
        await using var receiver = await AnsweringAsync(status);
        using var sender = Sender();

        var answer = await SendAsync(sender, receiver.Address);

        Assert.Equal(new WebhookAnswer.NotTaken($"It answered {status}.", MayRetry: true), answer);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await AnsweringAsync(StatusCodes.Status200OK);
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = elsewhere.Address.ToString();
            return Task.CompletedTask;
        });
        using var sender = Sender();

        var answer = await SendAsync(sender, receiver.Address);

        Assert.Equal(new WebhookAnswer.NotTaken("It answered 307.", MayRetry: true), answer);
        Assert.Equal(0, elsewhere.Waiting);
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_may_be_told_later()
    {
        await using var receiver = await Receiver.StartAsync(context =>
            Task.Delay(Timeout.InfiniteTimeSpan, _time, context.RequestAborted));
        using var sender = Sender();

        var sending = SendAsync(sender, receiver.Address);
        await receiver.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        var answer = Assert.IsType<WebhookAnswer.NotTaken>(await sending);
        Assert.Equal(("It did not answer within 00:00:10.", true), (answer.Reason, answer.MayRetry));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    public async Task What_is_on_this_machine_is_not_called(string target)
    {
        await using var receiver = await AnsweringAsync(StatusCodes.Status200OK);
        using var sender = Sender(allowPrivate: false);

        var answer = await SendAsync(sender, new Uri(string.Format(null, target, receiver.Address.Port)));

        Assert.False(Assert.IsType<WebhookAnswer.NotTaken>(answer).MayRetry);
        Assert.Equal(0, receiver.Waiting);
    }

    [Fact]
    public async Task A_name_is_judged_by_the_address_that_is_connected_to_whatever_it_led_to_before()
    {
        await using var receiver = await AnsweringAsync(StatusCodes.Status200OK);
        var lookedUp = 0;
        using var sender = new HttpWebhookSender(
            new HttpWebhookOptions { Timeout = TimeSpan.FromSeconds(10) },
            _time,
            (_, _) => lookedUp++ is 0
                ? throw new HttpRequestException(HttpRequestError.NameResolutionError)
                : Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var target = new Uri($"http://rebinding.example:{receiver.Address.Port}/");

        var first = await SendAsync(sender, target);
        var second = await SendAsync(sender, target);

        Assert.True(Assert.IsType<WebhookAnswer.NotTaken>(first).MayRetry);
        Assert.False(Assert.IsType<WebhookAnswer.NotTaken>(second).MayRetry);
        Assert.Equal((2, 0), (lookedUp, receiver.Waiting));
    }

    [Fact]
    public async Task Who_is_not_there_may_be_told_later_and_the_reason_keeps_what_is_secret_of_the_address()
    {
        using var sender = Sender();

        var answer = await SendAsync(sender, new Uri("http://127.0.0.1:9/hook?key=secret"));

        var reason = Assert.IsType<WebhookAnswer.NotTaken>(answer);
        Assert.Equal(("It cannot be reached: ConnectionError.", true), (reason.Reason, reason.MayRetry));
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_named_all_together()
    {
        var faults = Assert.Throws<ConfigurationException>(() => HttpWebhookOptions.From(
            ConfigurationFactory.ParseString("actorruns.webhooks { timeout = 1ms, secret = \"whsec_?\" }")));

        Assert.Contains("actorruns.webhooks.timeout is 00:00:00.0010000", faults.Message, StringComparison.Ordinal);
        Assert.Contains("actorruns.webhooks.secret begins with whsec_", faults.Message, StringComparison.Ordinal);
    }

    private HttpWebhookSender Sender(string secret = "", bool allowPrivate = true) =>
        new(new HttpWebhookOptions { Secret = secret, AllowPrivate = allowPrivate }, _time);

    private static Task<WebhookAnswer> SendAsync(HttpWebhookSender sender, Uri target) =>
        sender.SendAsync(Thread, Ended(target), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

    private static Task<Receiver> AnsweringAsync(int status) => Receiver.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    private static OwedWebhook Ended(Uri target)
    {
        var request = new RunRequest
        {
            RunId = Run,
            AssistantId = new AssistantId(Guid.Empty),
            GraphId = new GraphId("echo"),
            Webhook = target,
        };
        var failed = new RunCause.Failed("Boom", "It broke.");
        var run = new RunLedger(request, RunStatus.Error, 1, Now, Now, Now, failed, ImmutableArray<RunId>.Empty);
        return new OwedWebhook(target, run, ChannelValues.Empty.WithValue("count", JsonElement.Parse("1")), []);
    }

    private static string? Text(JsonElement body, string property) => body.GetProperty(property).GetString();
}
