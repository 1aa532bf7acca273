using System.Net;
using ActorRuns.Models.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Models.Tests.Http;

/// <summary>How long is waited before a request is sent again.</summary>
public sealed class RetrySpec : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Endpoint _endpoint = new();

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData("Retry-After", "7", 7_000)]
    [InlineData("Retry-After", "Sun, 01 Mar 2026 12:00:09 GMT", 9_000)]
    [InlineData("Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [InlineData("retry-after-ms", "250", 250)]
    public async Task It_is_what_the_provider_asks_for(string header, string value, int milliseconds)
    {
        _endpoint.Answers.Enqueue(Refusal(HttpStatusCode.TooManyRequests, header, value));

        var sent = SendAsync();

        Advance(TimeSpan.FromMilliseconds(Math.Max(0, milliseconds - 1)));
        Assert.Equal(milliseconds is 0 ? 2 : 1, _endpoint.Tries);
        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await sent.WaitAsync(TimeSpan.FromSeconds(10))).StatusCode);
        Assert.Equal(2, _endpoint.Tries);
    }

    [Fact]
    public async Task It_doubles_when_the_provider_says_nothing()
    {
        for (var i = 0; i < 3; i++)
            _endpoint.Answers.Enqueue(Refusal(HttpStatusCode.ServiceUnavailable, "x-nothing", "1"));

        var sent = SendAsync();

        foreach (var (tries, longest) in (ReadOnlySpan<(int, int)>)[(1, 500), (2, 1000), (3, 2000)])
        {
            Assert.Equal(tries, _endpoint.Tries);
            Advance(TimeSpan.FromMilliseconds((longest / 2) - 1)); // Shortened by a half at most.
            Assert.Equal(tries, _endpoint.Tries);
            Advance(TimeSpan.FromMilliseconds((longest / 2) + 1));
        }

        Assert.Equal(HttpStatusCode.OK, (await sent.WaitAsync(TimeSpan.FromSeconds(10))).StatusCode);
    }

    [Fact]
    public async Task A_provider_that_knows_better_than_the_status_is_believed()
    {
        _endpoint.Answers.Enqueue(Refusal(HttpStatusCode.TooManyRequests, "x-should-retry", "false"));

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync()).StatusCode);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_answer_may_take()
    {
        _endpoint.IsSilent = true;

        var sent = SendAsync();

        Advance(TimeSpan.FromMinutes(2));
        var fault = await Assert.ThrowsAsync<ModelException>(() => sent.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("The provider did not begin to answer within 00:02:00.", fault.Message);
    }

    [Fact]
    public async Task A_caller_who_gives_up_ends_the_wait()
    {
        _endpoint.Answers.Enqueue(Refusal(HttpStatusCode.TooManyRequests, "Retry-After", "20"));
        using var stop = new CancellationTokenSource();

        var sent = SendAsync(stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    /// <summary>Moves the clock; what waits for it goes on before this returns.</summary>
    private void Advance(TimeSpan time)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _time.Advance(time);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private async Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken = default)
    {
        SynchronizationContext.SetSynchronizationContext(null); // As Advance.
        using var http = new HttpMessageInvoker(new RetryHandler(new ModelOptions(), _time, _endpoint), false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:1/");
        request.Content = new StringContent("{}");
        return await http.SendAsync(request, cancellationToken);
    }

    private static HttpResponseMessage Refusal(HttpStatusCode status, string header, string value)
    {
        var response = new HttpResponseMessage(status);
        response.Headers.TryAddWithoutValidation(header, value);
        return response;
    }

    private sealed class Endpoint : HttpMessageHandler
    {
        public Queue<HttpResponseMessage> Answers { get; } = new();

        public int Tries { get; private set; }

        public bool IsSilent { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Tries++;
            if (IsSilent)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return Answers.TryDequeue(out var answer) ? answer : new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
