using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ActorRuns.Client;
using ActorRuns.Tests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>The API within an application that has routes, users and other runtimes of its own.</summary>
public sealed class MappedApiSpec : IAsyncLifetime
{
    private WebApplication? _app;

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("key", null);
        builder.Services.AddAuthorization();
        builder.Services
            .AddActorRuns(options => options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build()))
            .AddActorRuns("open", options => options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build()));
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet("/threads/mine", () => "the application's");
        _app.MapActorRuns("/api").RequireAuthorization();
        _app.MapActorRuns("/open/", "open");
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app!.StopAsync(); // Set before each test.
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Who_the_application_does_not_let_in_gets_no_answer_of_the_API()
    {
        var refused = await Assert.ThrowsAsync<ThreadsException>(
            () => ThreadsAt("/api").CreateAsync(new NewThread(), InTime));

        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task Who_is_let_in_talks_to_the_runtime_that_the_process_talks_to()
    {
        var made = await ThreadsAt("/api", "sesame").CreateAsync(new NewThread(), InTime);

        Assert.Equal(made.Id, (await _app!.Services.GetRequiredService<IThreads>().ReadAsync(made.Id, InTime)).Id);
    }

    [Fact]
    public async Task Each_prefix_has_the_runtime_that_was_mapped_there()
    {
        var made = await ThreadsAt("/open").CreateAsync(new NewThread(), InTime);

        await Assert.ThrowsAsync<NotFoundException>(() => ThreadsAt("/api", "sesame").ReadAsync(made.Id, InTime));
    }

    [Fact]
    public async Task The_applications_own_routes_are_as_they_were()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app!.Urls.First()) };

        var mine = await client.GetStringAsync(new Uri("/threads/mine", UriKind.Relative), InTime);
        Assert.Equal("the application's", mine);
        using var none = await client.PostAsync(new Uri("/threads", UriKind.Relative), null, InTime);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private HttpThreads ThreadsAt(string prefix, string? key = null)
    {
        var client = new HttpClient { BaseAddress = new Uri($"{_app!.Urls.First()}{prefix}") };
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Key", key);
        return new HttpThreads(client);
    }

    /// <summary>The application's way to know its users.</summary>
    private sealed class KeyHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Key"] == "sesame"
                ? AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity("key")), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}
