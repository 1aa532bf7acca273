using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Json;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.AspNetCore.Webhooks;

/// <summary>
/// Calls webhooks over HTTP, signed as Standard Webhooks has it. Whoever creates a run says what is called, so the
/// address is looked at when it is connected to: a name that leads to a private network is not called, whatever it led
/// to before, and nor is what an answer redirects to.
/// </summary>
public sealed class HttpWebhookSender : IWebhookSender, IDisposable
{
    // A busy receiver is not flooded, and names are looked up anew now and then.
    private const int MaxConnectionsPerServer = 32;
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HttpWebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookUp;
    private readonly byte[]? _key;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a sender.</summary>
    /// <param name="options">How webhooks are called.</param>
    /// <param name="time">The clock.</param>
    public HttpWebhookSender(HttpWebhookOptions options, TimeProvider time)
        : this(options, time, Dns.GetHostAddressesAsync)
    {
    }

    internal HttpWebhookSender(
        HttpWebhookOptions options,
        TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _lookUp = lookUp;
        _key = options.Key;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = MaxConnectionsPerServer,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
            UseProxy = false, // A proxy would look the name up by itself, and reach what must not be.
        });
    }

    /// <inheritdoc />
    public async Task<WebhookAnswer> SendAsync(
        ThreadId threadId, OwedWebhook owed, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var request = RequestOf(threadId, owed);
            using var response = await _http.SendAsync(request, ending.Token);
            return response.IsSuccessStatusCode
                ? new WebhookAnswer.Taken()
                : new WebhookAnswer.NotTaken($"It answered {(int)response.StatusCode}.", MayRetry: true);
        }
        catch (Exception fault) when (ForbiddenIn(fault) is { } forbidden)
        {
            return new WebhookAnswer.NotTaken(forbidden.Message, MayRetry: false);
        }
        catch (HttpRequestException fault)
        {
            return new WebhookAnswer.NotTaken($"It cannot be reached: {fault.HttpRequestError}.", MayRetry: true);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return new WebhookAnswer.NotTaken($"It did not answer within {_options.Timeout}.", MayRetry: true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage RequestOf(ThreadId threadId, OwedWebhook owed)
    {
        var now = _time.GetUtcNow();
        var body = StateJson.Write(writer => WebhookJson.Write(writer, threadId, owed, now)).ToArray();
        var id = owed.Run.Id.ToString(); // The same each time, so that who is told twice can tell.
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, owed.Target)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ActorRuns", productVersion: null));
        if (_key is not null)
            request.Headers.Add("webhook-signature", SignatureOf(_key, $"{id}.{seconds}.", body));
        return request;
    }

    private static string SignatureOf(byte[] key, string head, byte[] body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.ASCII.GetBytes(head));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var found = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await _lookUp(target.Host, cancellationToken);
        var allowed = found.Where(address => _options.AllowPrivate || PublicAddress.Is(address)).ToArray();
        if (found.Length > 0 && allowed.Length is 0)
            throw new ForbiddenTargetException();

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ForbiddenTargetException? ForbiddenIn(Exception? fault)
    {
        while (fault is not (null or ForbiddenTargetException))
            fault = fault.InnerException;
        return fault as ForbiddenTargetException;
    }

    private sealed class ForbiddenTargetException() : IOException(
        "It is on this machine or a private network, and actorruns.webhooks.allow-private is off.");
}
