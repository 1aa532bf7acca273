using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Cluster;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>What came of sending a request on.</summary>
internal abstract record ForwardOutcome
{
    private ForwardOutcome() { }

    /// <summary>The client has the whole answer.</summary>
    public sealed record Done : ForwardOutcome;

    /// <summary>Nothing was done with it, or it can be sent again without harm.</summary>
    public sealed record NotDone : ForwardOutcome;

    /// <summary>The answer broke off, and can be read on.</summary>
    /// <param name="LastEvent">The last event that the client has; null when it has none.</param>
    public sealed record Broken(string? LastEvent) : ForwardOutcome;
}

/// <summary>Sends requests on to other members as they are, and their answers back as they come.</summary>
/// <param name="http">What they are sent with; it follows no redirect and unpacks nothing.</param>
/// <param name="runtime">The runtime, a member of a cluster.</param>
/// <param name="stopping">Cancelled when the server stops: streams are cut then; who reads them comes back.</param>
internal sealed class MemberForwarder(
    HttpMessageInvoker http, ActorRunsRuntime runtime, CancellationToken stopping) : IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// RFC 9110, section 7.6.1: what is between two who talk to each other, and not for those beyond.
    /// </summary>
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Proxy-Authenticate", "Proxy-Authorization", "Content-Length", ClusterHeaders.Hop, ClusterHeaders.NewId,
    };

    /// <summary>Posts that change something each time they are sent.</summary>
    private static readonly string[] OnceOnly = ["/state", "/copy", "/promote"];

    private readonly Member _self = runtime.Shards.Self!; // A runtime that is alone has no forwarder.

    /// <summary>A forwarder for a member of a cluster.</summary>
    public static MemberForwarder Of(ActorRunsRuntime runtime, CancellationToken stopping) => new(
        new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectWithin,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            UseCookies = false,
            UseProxy = false,
        }),
        runtime,
        stopping);

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    /// <summary>Sends a request to the member that executes its thread.</summary>
    /// <exception cref="ProblemException">It was lost on the way, and nobody knows whether it was done.</exception>
    public async Task<ForwardOutcome> ForwardAsync(HttpContext context, ForwardedRequest request, Member owner)
    {
        using var message = Copy(context, request, owner);
        await using var watch = Watch(context, request.Target.Thread, owner);
        HttpResponseMessage answer;
        try
        {
            answer = await http.SendAsync(message, watch.Token);
        }
        catch (Exception lost) when (IsLoss(lost, watch))
        {
            return IsUnsent(lost) || MayRepeat(context.Request, request.Target)
                ? new ForwardOutcome.NotDone()
                : throw new ProblemException(Problem.Unavailable(
                    $"The member that has thread {request.Target.Thread} went away before it answered; "
                        + "look whether it was done"));
        }

        using (answer)
        {
            if (answer.Headers.Contains(ClusterHeaders.Elsewhere))
                return new ForwardOutcome.NotDone();
            CopyHeaders(answer, context.Response);
            return await CopyBodyAsync(context, answer, context.Request.Headers["Last-Event-ID"], watch);
        }
    }

    /// <summary>Reads on after an answer that broke off; its headers say where.</summary>
    public async Task<ForwardOutcome> ReadOnAsync(
        HttpContext context, ThreadId thread, Member owner, string? lastEvent)
    {
        if (WhereToReadOn(context) is not { } place)
        {
            context.Abort();
            return new ForwardOutcome.Done();
        }

        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(owner.Address, place));
        CopyHeaders(context.Request, message);
        message.Headers.Remove("Last-Event-ID");
        if (lastEvent is not null)
            message.Headers.Add("Last-Event-ID", lastEvent);
        message.Headers.Add(ClusterHeaders.Hop, $"{_self.Id}");
        await using var watch = Watch(context, thread, owner);
        try
        {
            using var answer = await http.SendAsync(message, watch.Token);
            return answer.StatusCode is HttpStatusCode.OK
                ? await CopyBodyAsync(context, answer, lastEvent, watch)
                : new ForwardOutcome.NotDone();
        }
        catch (Exception lost) when (IsLoss(lost, watch))
        {
            return new ForwardOutcome.NotDone();
        }
    }

    /// <summary>Asks a member something on behalf of a request, with the rights of who sent that.</summary>
    /// <returns>The answer; JSON's null when what it is about is not there; null when it is to be asked
    /// again.</returns>
    /// <exception cref="ProblemException">The member refused it otherwise.</exception>
    public async Task<JsonElement?> CallAsync(HttpContext context, ThreadId thread, Member owner, MemberCall call)
    {
        using var message = new HttpRequestMessage(
            call.Method, new Uri(owner.Address, $"{context.Request.PathBase}{call.Place}"));
        if (call.Body.Length > 0)
            message.Content = new ByteArrayContent(call.Body);
        foreach (var (name, values) in context.Request.Headers.Where(header => !IsOfTheBody(header.Key)))
            message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        message.Headers.Add(ClusterHeaders.Hop, $"{_self.Id}");
        await using var watch = Watch(context, thread, owner);
        try
        {
            using var answer = await http.SendAsync(message, watch.Token);
            if (answer.Headers.Contains(ClusterHeaders.Elsewhere))
                return null;
            if (answer.StatusCode is HttpStatusCode.NotFound)
                return JsonElement.Parse("null");
            if (!answer.IsSuccessStatusCode)
            {
                throw new ProblemException(new Problem(
                    (int)answer.StatusCode, "Refused by a member", $"{call.Method} {call.Place} was refused."));
            }

            var body = await answer.Content.ReadAsByteArrayAsync(watch.Token);
            return JsonElement.Parse(body.Length > 0 ? body : "true"u8);
        }
        catch (Exception lost) when (IsLoss(lost, watch))
        {
            return null; // Each of these calls may be sent twice.
        }
    }

    private static bool IsOfTheBody(string header) =>
        HopByHop.Contains(header) || header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Streams say where they are read on; of an outcome that is waited for its run is known.</summary>
    private static string? WhereToReadOn(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) is true)
            return headers.Location;
        if (HttpMethods.IsGet(context.Request.Method))
            return context.Request.GetEncodedPathAndQuery();
        return StringValues.IsNullOrEmpty(headers.ContentLocation) ? null : $"{headers.ContentLocation}/join";
    }

    /// <summary>True when no byte of the request can have reached anybody.</summary>
    private static bool IsUnsent(Exception lost) => lost is SocketException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };

    /// <summary>True when the member went away, or is not waited for any more; not when the client hung up.</summary>
    private static bool IsLoss(Exception fault, OwnerWatch watch) =>
        fault is HttpRequestException or IOException
            or SocketException // As it is when a connection is reset in the moment it is made.
        || (fault is OperationCanceledException && watch.IsLost);

    private OwnerWatch Watch(HttpContext context, ThreadId thread, Member owner) =>
        new(runtime.Shards, runtime.Time, thread, owner, context.RequestAborted);

    private static bool MayRepeat(HttpRequest request, RequestTarget target) =>
        !HttpMethods.IsPost(request.Method)
        || target.NewId is not null
        || !OnceOnly.Any(end => request.Path.Value?.EndsWith(end, StringComparison.Ordinal) is true);

    private HttpRequestMessage Copy(HttpContext context, ForwardedRequest request, Member owner)
    {
        var place = context.Request.GetEncodedPathAndQuery();
        var message = new HttpRequestMessage(
            HttpMethod.Parse(context.Request.Method), new Uri(owner.Address, place));
        if (request.Body.Length > 0 || context.Request.ContentType is not null)
            message.Content = new ByteArrayContent(request.Body);
        CopyHeaders(context.Request, message);
        message.Headers.Add(ClusterHeaders.Hop, $"{_self.Id}");
        if (request.Target.NewId is { } id)
            message.Headers.Add(ClusterHeaders.NewId, $"{id:D}");
        return message;
    }

    private static void CopyHeaders(HttpRequest request, HttpRequestMessage message)
    {
        foreach (var (name, values) in request.Headers.Where(header => !HopByHop.Contains(header.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    private static void CopyHeaders(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
                response.Headers[name] = values.ToArray();
        }

        if (answer.Content.Headers.ContentLength is { } length)
            response.ContentLength = length;
    }

    private async Task<ForwardOutcome> CopyBodyAsync(
        HttpContext context, HttpResponseMessage answer, string? lastEvent, OwnerWatch watch)
    {
        var isStream = IsStream(answer.Content.Headers.ContentType);
        var copy = new AnswerCopy(context.Response, isStream, lastEvent);
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(
            watch.Token, isStream ? stopping : CancellationToken.None);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cut.Token);
            await copy.RunAsync(body, cut.Token);
            return new ForwardOutcome.Done();
        }
        catch (OperationCanceledException) when (isStream && stopping.IsCancellationRequested)
        {
            context.Abort();
            return new ForwardOutcome.Done();
        }
        catch (Exception broken) when (IsLoss(broken, watch) && !context.RequestAborted.IsCancellationRequested)
        {
            if (copy.CanBeReadOn)
                return new ForwardOutcome.Broken(copy.LastEvent);

            context.Abort(); // Half an answer must not look like a whole one.
            return new ForwardOutcome.Done();
        }
    }

    private static bool IsStream(MediaTypeHeaderValue? type) => type?.MediaType is "text/event-stream";
}
