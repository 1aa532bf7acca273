using System.Collections.Immutable;
using ActorRuns.Agents;
using ActorRuns.Models.Mcp;
using ActorRuns.Models.Tests.Chat;
using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ActorRuns.Models.Tests.Mcp;

/// <summary>Tools of an MCP server that is a process of its own, by the official package on both sides.</summary>
public sealed class McpSpec
{
    private static readonly McpServerEntry Server = new()
    {
        Name = "test",
        Command = "dotnet",
        Arguments = [ServerAssembly()],
        Environment = ImmutableDictionary<string, string>.Empty.Add("GIVEN", "yes"),
    };

    [Fact]
    public async Task Tools_have_their_servers_name_and_say_what_they_do_to_the_world()
    {
        await using var servers = await StartAsync(Server);

        var effects = servers.Tools.ToDictionary(tool => tool.Name, tool => ToolContract.Of(tool).Effect);

        Assert.Equal(8, effects.Count);
        Assert.Equal(ToolEffect.None, effects["test__echo"]);
        Assert.Equal(ToolEffect.Idempotent, effects["test__slow"]);
        Assert.Equal(ToolEffect.AtMostOnce, effects["test__die_now"]);
        Assert.Equal("You said hi.", await CallAsync(servers, "test__echo", ("text", "hi")));
    }

    [Fact]
    public async Task A_tool_that_errs_says_what_the_server_says()
    {
        await using var servers = await StartAsync(Server);

        var fault = await Assert.ThrowsAsync<McpServerException>(() => CallAsync(servers, "test__errs"));

        Assert.Contains("It is broken.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_told_that_nobody_waits_any_more()
    {
        await using var servers = await StartAsync(Server);
        using var stop = new CancellationTokenSource();
        var call = CallAsync(servers, "test__slow", stop.Token);
        await CallAsync(servers, "test__seen", ("what", "started"));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(ModelStack.Patience));
        Assert.Equal("cancelled", await CallAsync(servers, "test__seen", ("what", "cancelled")));
    }

    [Fact]
    public async Task A_tool_that_does_not_listen_holds_nobody_up()
    {
        await using var servers = await StartAsync(Server);
        using var stop = new CancellationTokenSource();
        var call = CallAsync(servers, "test__deaf", stop.Token);
        await CallAsync(servers, "test__seen", ("what", "started"));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(ModelStack.Patience));
        Assert.Equal("You said hi.", await CallAsync(servers, "test__echo", ("text", "hi")));
    }

    [Fact]
    public async Task A_server_that_dies_in_a_call_is_started_again_at_its_next_use()
    {
        await using var servers = await StartAsync(Server);
        var before = await CallAsync(servers, "test__pid");

        var fault = await Assert.ThrowsAsync<McpServerException>(() => CallAsync(servers, "test__die_now"));

        Assert.StartsWith("MCP server 'test' was lost while 'die.now'", fault.Message, StringComparison.Ordinal);
        Assert.NotEqual(before, await CallAsync(servers, "test__pid"));
    }

    [Fact]
    public async Task Its_process_ends_with_us_and_knows_only_what_it_was_given()
    {
        var servers = await StartAsync(Server);
        using var process = System.Diagnostics.Process.GetProcessById(
            int.Parse(await CallAsync(servers, "test__pid"), System.Globalization.CultureInfo.InvariantCulture));
        Environment.SetEnvironmentVariable("SECRET_OF_OURS", "secret");

        Assert.Equal("yes", await CallAsync(servers, "test__variable", ("name", "GIVEN")));
        Assert.Equal("-", await CallAsync(servers, "test__variable", ("name", "SECRET_OF_OURS")));
        await servers.DisposeAsync();

        await process.WaitForExitAsync().WaitAsync(ModelStack.Patience);
    }

    [Fact]
    public async Task A_server_that_cannot_be_started_is_a_fault_unless_it_is_optional()
    {
        var broken = Server with { Name = "broken", Command = "no-such-program-at-all" };

        var fault = await Assert.ThrowsAsync<McpServerException>(() => StartAsync(broken));
        await using var servers = await StartAsync(broken with { IsOptional = true });

        Assert.StartsWith("MCP server 'broken' cannot be reached: ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(servers.Tools);
    }

    [Fact]
    public async Task An_interrupt_cancels_the_tool_and_the_conversation_goes_on()
    {
        await using var servers = await StartAsync(Server);
        await using var stack = await ModelStack.StartAsync("anthropic", [.. servers.Tools]);
        stack.Provider.Script(Reply.Asks(new Call("call_1", "test__slow", "{}")), Reply.Says("Done."));
        var thread = await stack.NewThreadAsync();
        await stack.SayAsync(thread, "One?");
        await CallAsync(servers, "test__seen", ("what", "started"));

        var second = await stack.SayAsync(thread, "Two?", MultitaskStrategy.Interrupt);

        Assert.Equal(RunStatus.Success, (await stack.EndOfAsync(thread, second)).Status);
        Assert.Equal("cancelled", await CallAsync(servers, "test__seen", ("what", "cancelled")));
        Assert.Empty(stack.Provider.Faults);
    }

    private static Task<McpServers> StartAsync(McpServerEntry server) => McpServers.StartAsync(
        [server], new McpOptions(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    private static Task<string> CallAsync(
        McpServers servers, string tool, params (string Name, string Value)[] values) =>
        CallAsync(servers, tool, CancellationToken.None, values);

    private static async Task<string> CallAsync(
        McpServers servers,
        string tool,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] values)
    {
        var arguments = new AIFunctionArguments(
            values.ToDictionary(value => value.Name, object? (value) => value.Value, StringComparer.Ordinal));
        return $"{await servers.Tools.Single(one => one.Name == tool).InvokeAsync(arguments, cancellationToken)}";
    }

    private static string ServerAssembly() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "..",
        "..",
        "ActorRuns.McpServer",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "ActorRuns.McpServer.dll"));
}
