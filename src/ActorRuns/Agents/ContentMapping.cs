using System.Text.Json;
using System.Text.Json.Nodes;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>Turns content blocks in LangChain's shape into contents of Microsoft.Extensions.AI, and back.</summary>
internal static class ContentMapping
{
    // Holds a content of Microsoft.Extensions.AI that LangChain has no block for.
    private const string Foreign = "non_standard";

    /// <summary>The contents; plain text becomes one, empty text none.</summary>
    public static IReadOnlyList<AIContent> ToContents(MessageContent content) =>
        content.HasBlocks ? [.. content.Blocks.EnumerateArray().Select(BlockReader.Read)]
        : content.Text.Length > 0 ? [new TextContent(content.Text)]
        : [];

    /// <summary>The blocks; a single bare text becomes plain text.</summary>
    public static MessageContent ToContent(IReadOnlyList<AIContent> contents) => contents switch
    {
        [] => MessageContent.Empty,
        [TextContent text] when IsBare(text) => MessageContent.Of(text.Text),
        _ => MessageContent.Of(KeptJson.Of(contents.Select(ToBlock))),
    };

    /// <summary>What a model is given as the result of a tool: text where there is nothing but text.</summary>
    public static object ToResult(MessageContent content) =>
        ToContents(content) is var contents && contents.All(part => part is TextContent)
            ? content.Text
            : contents;

    /// <summary>What a tool returned: text as it is, contents as blocks, anything else as compact JSON.</summary>
    /// <exception cref="NotSupportedException">The value has no JSON form.</exception>
    public static MessageContent OfResult(object? result) => result switch
    {
        null => MessageContent.Empty,
        string text => MessageContent.Of(text),
        JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => MessageContent.Empty,
        JsonElement { ValueKind: JsonValueKind.String } text => MessageContent.Of(text.GetString()!), // It is a string.
        AIContent content => ToContent([content]),
        IEnumerable<AIContent> contents => ToContent([.. contents]),
        _ => MessageContent.Of(JsonSerializer.Serialize(result, KeptJson.Options)),
    };

    private static bool IsBare(TextContent text) =>
        text is { RawRepresentation: not KeptJson, Annotations: not { Count: > 0 }, AdditionalProperties: null };

    private static JsonElement ToBlock(AIContent content)
    {
        if (content.RawRepresentation is KeptJson(var kept))
            return kept;

        var block = content switch
        {
            TextContent text => new JsonObject { ["type"] = "text", ["text"] = text.Text },
            TextReasoningContent reasoning => new JsonObject { ["type"] = "reasoning", ["reasoning"] = reasoning.Text },
            DataContent data when data.HasTopLevelMediaType("image") => Image(data.Uri),
            DataContent data => Media(data.MediaType, "base64", data.Base64Data.ToString()),
            UriContent uri when uri.HasTopLevelMediaType("image") => Image(uri.Uri.OriginalString),
            UriContent uri => Media(uri.MediaType, "url", uri.Uri.OriginalString),
            HostedFileContent file => Media(file.MediaType, "file_id", file.FileId),
            _ => new JsonObject { ["type"] = Foreign, ["value"] = JsonNodeOf(KeptJson.Of(content)) },
        };
        if (block["type"]?.GetValue<string>() is not Foreign)
            AddExtras(block, content);
        return KeptJson.Of(block);
    }

    private static void AddExtras(JsonObject block, AIContent content)
    {
        var extras = new JsonObject((content.AdditionalProperties ?? [])
            .Select(property => KeyValuePair.Create(property.Key, JsonNodeOf(KeptJson.Of(property.Value)))));
        if ((content as TextReasoningContent)?.ProtectedData is { } signature)
            extras["signature"] = signature;
        if (((content as DataContent)?.Name ?? (content as HostedFileContent)?.Name) is { } name)
            extras["filename"] = name;
        if (extras.Count > 0)
            block["extras"] = extras;
        if (content.Annotations is { Count: > 0 } annotations)
            block["annotations"] = JsonNodeOf(KeptJson.Of(annotations));
    }

    private static JsonObject Image(string url) =>
        new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } };

    private static JsonObject Media(string? mediaType, string field, string value)
    {
        var kind = mediaType?.Split('/')[0] is "image" or "audio" or "video" ? mediaType.Split('/')[0] : "file";
        var block = new JsonObject { ["type"] = kind, [field] = value };
        if (mediaType is not null)
            block["mime_type"] = mediaType;
        return block;
    }

    private static JsonNode? JsonNodeOf(JsonElement element) => JsonSerializer.SerializeToNode(element);
}
