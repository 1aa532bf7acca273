using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorRuns.Models.Mcp;

/// <summary>A tool of an MCP server under the server's name: <c>server__tool</c>.</summary>
internal sealed class McpTool(string name, McpConnection connection, McpClientTool tool) : AIFunction
{
    private readonly Tool _tool = tool.ProtocolTool;

    public override string Name => name;

    public override string Description => _tool.Description ?? _tool.Title ?? string.Empty;

    public override JsonElement JsonSchema => _tool.InputSchema;

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var given = arguments.ToDictionary(
            argument => argument.Key,
            argument => argument.Value is JsonElement json
                ? json
                : JsonSerializer.SerializeToElement(argument.Value, AIJsonUtilities.DefaultOptions),
            StringComparer.Ordinal);
        var result = await connection.CallAsync(_tool.Name, given, cancellationToken);
        if (result.IsError is true)
            throw new McpServerException(TextOf(result) is { Length: > 0 } text ? text : "The tool failed.");

        return result.Content.Count is 0 ? result.StructuredContent
            : result.Content.All(block => block is TextContentBlock) ? TextOf(result)
            : result.Content.ToAIContents();
    }

    private static string TextOf(CallToolResult result) =>
        string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
