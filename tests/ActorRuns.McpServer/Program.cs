using ActorRuns.McpServer;
using ModelContextProtocol.Server;

var options = new McpServerOptions { ToolCollection = new TestTools().All };
await using var transport = new StdioServerTransport("test");
await using var server = McpServer.Create(transport, options);
await server.RunAsync();
