using System.Net;

namespace ActorRuns.Models.Http;

/// <summary>Makes the HTTP clients that models are asked through.</summary>
internal static class ModelHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10); // Names are looked up anew then.

    /// <summary>
    /// A client that tries again, does not wait for ever, and really ends an answer nobody reads any more.
    /// </summary>
    public static HttpClient NewClient(ModelOptions options, TimeProvider time)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // A key must not follow a redirect.
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            // Without it an answer that is given up would be read on for two seconds, in the hope of its end.
            ResponseDrainTimeout = TimeSpan.Zero,
            UseCookies = false,
        };
        return new HttpClient(new RetryHandler(options, time, sockets))
        {
            // Where the provider speaks it, an answer can be given up without its connection.
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Timeout = Timeout.InfiniteTimeSpan, // The handler's own timeouts are finer.
        };
    }
}
