namespace ActorRuns.Hosting;

/// <summary>Hands the requests of callers in this process to the API, without a network between.</summary>
/// <param name="runtime">The runtime.</param>
internal sealed class InProcessHandler(EmbeddedRuntime runtime) : HttpMessageHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var exchange = new InProcessExchange(request, body);
        return await exchange.RunAsync(runtime.AnswerInProcessAsync, cancellationToken);
    }
}
