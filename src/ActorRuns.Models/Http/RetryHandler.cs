using System.Net;
using System.Security.Cryptography;

namespace ActorRuns.Models.Http;

/// <summary>
/// Sends a request again that was refused for now or found nobody, after the pause that the provider asks for, or after
/// one of our own that doubles each time. The clients' own retries are switched off for it: one rule for all providers.
/// </summary>
internal sealed class RetryHandler(ModelOptions options, TimeProvider time, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private const int JitterSteps = 1024;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version20; // A client sets it on what it makes itself only.
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (request.Content is not null)
            await request.Content.LoadIntoBufferAsync(cancellationToken);

        for (var retries = 0; ; retries++)
        {
            TimeSpan pause;
            try
            {
                var response = await SendOnceAsync(request, cancellationToken);
                if (!IsRefusedForNow(response) || retries >= options.MaxRetries)
                    return response;

                pause = RetryAfter.Of(response, time.GetUtcNow()) ?? OwnPause(retries);
                if (pause > options.LastRetryPause)
                    throw await TooLongAsync(response, pause, cancellationToken);
                response.Dispose();
            }
            catch (HttpRequestException) when (retries < options.MaxRetries)
            {
                pause = OwnPause(retries);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.AnswerTimeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var response = await base.SendAsync(request, ending.Token);
            response.Content = await GuardedContent.OfAsync(response.Content, options.StallTimeout, time, ending.Token);
            return response;
        }
        catch (OperationCanceledException) when (
            late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ModelException(
                ModelFailure.TimedOut, $"The provider did not begin to answer within {options.AnswerTimeout}.");
        }
    }

    private static bool IsRefusedForNow(HttpResponseMessage response) =>
        // Both providers say it in so many words when they know better than the status.
        response.Headers.TryGetValues("x-should-retry", out var values) && values.FirstOrDefault() is { } should
            ? should == "true"
            : response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict
                or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static async Task<ModelException> TooLongAsync(
        HttpResponseMessage response, TimeSpan pause, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return new ModelException(
                ModelFailure.RateLimited,
                $"The provider refuses for now ({(int)response.StatusCode}) and asks to wait for {pause}: {body}");
        }
    }

    /// <summary>From half of the pause to all of it, so that runs refused together do not come back together.</summary>
    private TimeSpan OwnPause(int retries)
    {
        var whole = options.FirstRetryPause * Math.Pow(2, retries);
        var bounded = whole < options.LastRetryPause ? whole : options.LastRetryPause;
        return bounded * (0.5 + (RandomNumberGenerator.GetInt32(JitterSteps) / (2.0 * JitterSteps)));
    }
}
