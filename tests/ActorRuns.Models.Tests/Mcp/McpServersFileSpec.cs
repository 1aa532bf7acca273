using ActorRuns.Models.Mcp;
using Xunit;

namespace ActorRuns.Models.Tests.Mcp;

/// <summary>What the file of MCP servers may say, and how it is told what it may not.</summary>
public sealed class McpServersFileSpec : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Servers_are_programs_or_addresses_as_other_hosts_write_them()
    {
        var servers = Read(
            """
            {
              "theme": "dark", // Another host's.
              "mcpServers": {
                "web": {
                  "type": "http", "url": "https://${HOST}/mcp", "headers": { "Authorization": "Bearer ${KEY}" }
                },
                "files": { "command": "npx", "args": ["-p", 80, "${KEY}"], "env": { "DEEP": true }, "cwd": "/tmp" },
                "off": { "command": "${NONE}", "disabled": true },
                "maybe": { "command": "npx", "optional": true },
              },
            }
            """);

        Assert.Equal(["files", "maybe", "web"], servers.Select(server => server.Name));
        Assert.Equal("-p 80 secret", string.Join(' ', servers[0].Arguments));
        Assert.Equal(("npx", "/tmp", "true"), (servers[0].Command, servers[0].Folder, servers[0].Environment["DEEP"]));
        Assert.True(servers[1].IsOptional);
        Assert.Equal(new Uri("https://example.test/mcp"), servers[2].Address);
        Assert.Equal("Bearer secret", servers[2].Headers["Authorization"]);
    }

    [Theory]
    [InlineData("""{ "comand": "x", "url": "http://a" }""", "has the key 'comand', which is none of command, args")]
    [InlineData("""{ "command": "x", "url": "http://a" }""", "must have either a command or a url")]
    [InlineData("{ }", "must have either a command or a url")]
    [InlineData("[]", "is a list; it must be an object")]
    [InlineData("""{ "command": 7 }""", "has a 'command' that is a number; it must be a text")]
    [InlineData("""{ "command": "" }""", "has a 'command' that is empty; it must be a text")]
    [InlineData("""{ "command": "x", "command": "y" }""", "has the key 'command' twice")]
    [InlineData("""{ "command": "x", "args": "-v" }""", "has 'args' that is a text; it must be a list")]
    [InlineData("""{ "command": "x", "args": ["-v", {}] }""", "has 'args[1]' that is an object; it must be a text")]
    [InlineData("""{ "command": "x", "env": [] }""", "has 'env' that is a list; it must be an object")]
    [InlineData("""{ "command": "x", "env": { "A": null } }""", "has 'env.A' that is null; it must be a text")]
    [InlineData("""{ "command": "x", "env": { "A": "1", "A": "2" } }""", "has 'env.A' twice")]
    [InlineData("""{ "command": "x", "headers": {} }""", "has 'headers', which a server with a command has not")]
    [InlineData("""{ "url": "http://a", "cwd": "/" }""", "has 'cwd', which a server with a url has not")]
    [InlineData("""{ "url": "http://a", "type": "sse" }""", "has the type 'sse'; it must be http or streamable-http")]
    [InlineData("""{ "url": "http://a", "headers": { "A B": "" } }""", "has the header 'A B', which no request has")]
    [InlineData("""{ "url": "${KEY}" }""", "has the url '${KEY}', which is no address")]
    [InlineData("""{ "url": "ftp://a" }""", "has the url 'ftp://a', which is no address")]
    [InlineData("""{ "command": "${NONE}" }""", "asks for ${NONE}, which the environment has not")]
    [InlineData("""{ "command": "x", "optional": "yes" }""", "has a 'optional' that is a text; it must be true or")]
    public void What_a_server_may_not_say_is_named(string server, string told)
    {
        var fault = FaultOf($$"""{ "mcpServers": { "one": {{server}} } }""");

        Assert.StartsWith(
            $"The file of MCP servers {_file} cannot be used: server 'one' ", fault, StringComparison.Ordinal);
        Assert.Contains($"server 'one' {told}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var fault = FaultOf(
            """
            { "mcpServers": {
                "b": { "command": "x" }, "b": { "url": "x" }, "a b": { "command": "x", "arg": [] } } }
            """);

        Assert.Equal(
            $"The file of MCP servers {_file} cannot be used: "
            + "server 'a b' must have a name of letters, digits, - and _, at most 32; "
            + "server 'a b' has the key 'arg', which is none of command, args, env, cwd, url, headers, type, optional, "
            + "disabled; "
            + "there are 2 servers named 'b'; "
            + "server 'b' has the url 'x', which is no address.",
            fault);
    }

    [Theory]
    [InlineData("{ \"mcpServers\": ", "cannot be read: ")]
    [InlineData("[]", "has no object 'mcpServers'.")]
    [InlineData("{ \"mcpservers\": {} }", "has no object 'mcpServers'.")]
    [InlineData("{ \"mcpServers\": [] }", "has no object 'mcpServers'.")]
    public void A_file_that_is_none_is_named(string text, string told) =>
        Assert.StartsWith($"The file of MCP servers {_file} {told}", FaultOf(text), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<McpServerException>(() => McpServersFile.Read($"{_file}.not", _ => null));

        Assert.StartsWith(
            $"The file of MCP servers {_file}.not cannot be read: ", fault.Message, StringComparison.Ordinal);
    }

    private string FaultOf(string text) => Assert.Throws<McpServerException>(() => Read(text)).Message;

    private IReadOnlyList<McpServerEntry> Read(string text)
    {
        File.WriteAllText(_file, text);
        return McpServersFile.Read(_file, variable => variable switch
        {
            "HOST" => "example.test",
            "KEY" => "secret",
            _ => null,
        });
    }
}
