using System.Text;
using System.Text.Json;
using ActorRuns.Models.Tests.Providers;
using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

/// <summary>The server with a model in its environment, and with one that cannot be.</summary>
public sealed class ModelSpec
{
    private static readonly string[] AnyPort = ["--urls", "http://127.0.0.1:0"];

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_key_in_the_environment_makes_the_agent_a_real_one(string provider)
    {
        await using FakeProvider fake = provider is "openai" ? new FakeOpenAI() : new FakeAnthropic();
        await fake.StartAsync();
        fake.Script(Reply.Says("I am ", "real."));
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(
            [.. AnyPort, "--data", data.FullName], data.FullName, environment: VariablesOf(fake));
        using var http = new HttpClient { BaseAddress = server.Address };

        using var answer = await http.PostAsync("runs/wait", new StringContent(
            """{"assistant_id":"agent","input":{"messages":[{"role":"human","content":"Who are you?"}]}}""",
            Encoding.UTF8,
            "application/json"));

        var state = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("I am real.", state.GetProperty("messages")[1].GetProperty("content").GetString());
        var asked = fake.Requests.Single().ToJsonString();
        Assert.Contains("You are a helpful assistant.", asked, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeProvider.Key, server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "localhost", "OPENAI_BASE_URL) is 'localhost'; it must be an address")]
    [InlineData("OPENAI_API_KEY", "sk-1 2", "OPENAI_API_KEY) has characters that no key has")]
    [InlineData("ACTORRUNS_MODEL", "claude-x", "anthropic:claude-x cannot be asked without a key")]
    [InlineData("ACTORRUNS_MODEL", "google:x", "'google:x' names the provider 'google', which is not served")]
    public async Task A_model_that_cannot_be_asked_is_a_fault(string variable, string value, string told)
    {
        using var data = new ScratchFolder();

        var ended = await ServerProcess.RunAsync(
            [.. AnyPort, "--data", data.FullName],
            data.FullName,
            new Dictionary<string, string>(StringComparer.Ordinal) { [variable] = value });

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains(told, ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-1 2", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_of_MCP_servers_is_checked_with_a_model_and_without(bool hasModel)
    {
        using var data = new ScratchFolder();
        var variables = FileOf(data, """{ "mcpServers": { "a": { "comand": "x" }, "b": { "url": "b" } } }""");
        if (hasModel)
            variables["OPENAI_API_KEY"] = FakeProvider.Key;

        var ended = await ServerProcess.RunAsync([.. AnyPort, "--data", data.FullName], data.FullName, variables);

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains("server 'a' has the key 'comand'", ended.Output, StringComparison.Ordinal);
        Assert.Contains("server 'b' has the url 'b', which is no address", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MCP_servers_that_no_model_would_use_are_told_of_and_not_started()
    {
        using var data = new ScratchFolder();

        await using var server = await ServerProcess.StartAsync(
            [.. AnyPort, "--data", data.FullName],
            data.FullName,
            environment: FileOf(data, """{ "mcpServers": { "a": { "command": "no-such-program-at-all" } } }"""));

        Assert.Contains(
            "No model is configured to use the tools of 1 MCP servers", server.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> FileOf(ScratchFolder folder, string text)
    {
        var file = Path.Combine(folder.FullName, "mcp.json");
        File.WriteAllText(file, text);
        return new(StringComparer.Ordinal) { ["ACTORRUNS_MCP_SERVERS"] = file };
    }

    private static Dictionary<string, string> VariablesOf(FakeProvider provider) =>
        new(StringComparer.Ordinal)
        {
            [provider is FakeOpenAI ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY"] = FakeProvider.Key,
            [provider is FakeOpenAI ? "OPENAI_BASE_URL" : "ANTHROPIC_BASE_URL"] =
                provider is FakeOpenAI openAI ? openAI.BaseUrl : provider.Address,
            [provider is FakeOpenAI ? "OPENAI_MODEL" : "ANTHROPIC_MODEL"] =
                provider is FakeOpenAI ? FakeOpenAI.Model : FakeAnthropic.Model,
        };
}
