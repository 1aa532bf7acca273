using System.Reflection;
using ActorRuns.AspNetCore;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>
/// What others rely on, as texts in <c>contracts/</c>: a change of one is a decision, seen in the diff that makes it.
/// </summary>
public sealed class ContractsSpec
{
    [Fact]
    public void The_keys_of_the_configuration_and_their_defaults_are_the_approved_ones() => House.HasApproved(
        "hocon-keys.txt",
        from file in Hocon.Files
        from setting in Hocon.Read(file)
        select $"{file}: {setting.Key} = {setting.Value}");

    [Fact]
    public void The_shapes_of_stored_events_are_the_approved_ones() => House.HasApproved(
        "events.txt",
        EventShapes.Of(Repository.Files(".txt")
            .Where(path => path.StartsWith("tests/ActorRuns.Tests/Journal/facts/", StringComparison.Ordinal))
            .Select(Repository.Read)));

    [Fact]
    public async Task The_routes_of_the_API_are_the_approved_ones()
    {
        await using var runtime = await ActorRunsRuntime.StartAsync(
            ConfigurationFactory.Empty,
            new GraphRegistry(),
            RuntimeStores.InMemory(TimeProvider.System),
            TimeProvider.System,
            default);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddActorRuns(runtime);
        await using var app = builder.Build();

        app.MapActorRuns();

        House.HasApproved("routes.txt", ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(route => MethodsOf(route).Select(method => $"{route.RoutePattern.RawText} {method}"))
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_route_has_an_approved_answer()
    {
        var requests = Directory
            .EnumerateFiles(Repository.PathOf("tests/ActorRuns.AspNetCore.Tests/Golden"), "*.http")
            .SelectMany(File.ReadLines)
            .ToList();

        House.HasNone(File.ReadLines(Repository.PathOf("tests/ActorRuns.House.Tests/contracts/routes.txt"))
            .Where(route => !requests.Exists(request => IsOf(request, route))));
    }

    [Fact]
    public void The_public_API_is_the_approved_one() => House.HasApproved(
        "public-api.txt",
        Repository.Rooms.SelectMany(room => PublicApi.Of(Assembly.Load(room))));

    /// <summary>True for <c>GET /threads/{thread1}?limit=1</c> and <c>/threads/{thread_id} GET</c>.</summary>
    private static bool IsOf(string request, string route)
    {
        if (request.Split([' ', '?']) is not [var method, var path, ..])
            return false;
        if (route.Split(' ') is not [var pattern, var name])
            return false;

        var (segments, expected) = (path.Split('/'), pattern.Split('/'));
        return method == name
            && segments.Length == expected.Length
            && segments.Zip(expected).All(pair => pair.First == pair.Second || pair.Second.StartsWith('{'));
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint route) =>
        route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method"];
}
