using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// Reads content blocks in the dialects that LangChain lets through: its own of both generations, OpenAI's and
/// Anthropic's. Each content keeps its block.
/// </summary>
internal static class BlockReader
{
    /// <summary>The content of a block; a bare one, which clients pass over, when no model can be given it.</summary>
    public static AIContent Read(JsonElement block)
    {
        var content = block.ValueKind is JsonValueKind.String ? new TextContent(block.GetString()) : ReadObject(block);
        content.RawRepresentation = new KeptJson(block);
        return content;
    }

    private static AIContent ReadObject(JsonElement block)
    {
        var type = JsonText.Of(block, "type");
        try
        {
            var content = type switch
            {
                "text" or "input_text" or "output_text" => new TextContent(JsonText.Of(block, "text")),
                "reasoning" or "thinking" => Reasoning(block, type),
                "image_url" => Image(block),
                "image" or "audio" or "video" or "file" or "document" => Media(block, type),
                "input_audio" => Audio(block),
                "non_standard" => Foreign(block),
                _ => new AIContent(),
            };
            AddExtras(content, block);
            return content;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or JsonException)
        {
            // The thread must not die of one bad attachment; the model is told instead.
            return new TextContent($"[a block of type '{type}' that cannot be read]");
        }
    }

    private static TextReasoningContent Reasoning(JsonElement block, string type) => new(JsonText.Of(block, type))
    {
        ProtectedData = JsonText.Of(block, "signature")
            ?? (JsonText.ObjectOf(block, "extras") is { } extras ? JsonText.Of(extras, "signature") : null),
    };

    private static AIContent Image(JsonElement block)
    {
        var image = JsonText.ObjectOf(block, "image_url");
        var content = At(image is { } known ? JsonText.Of(known, "url") : JsonText.Of(block, "image_url"), "image/*");
        if (image is { } detailed && JsonText.Of(detailed, "detail") is { } detail)
            content.AdditionalProperties = new() { ["detail"] = detail }; // Where OpenAI's client looks for it.
        return content;
    }

    private static AIContent Media(JsonElement block, string type)
    {
        // Anthropic nests it under source, OpenAI under file.
        var source = JsonText.ObjectOf(block, "source") ?? JsonText.ObjectOf(block, "file") ?? block;
        if (JsonText.Of(source, "text") is { } text)
            return new TextContent(text);
        if (JsonText.Of(source, "type") is "text")
            return new TextContent(JsonText.Of(source, "data"));

        var mediaType = JsonText.Of(source, "mime_type") ?? JsonText.Of(source, "mimeType")
            ?? JsonText.Of(source, "media_type")
            ?? (type is "file" or "document" ? "application/octet-stream" : $"{type}/*");
        var fileId = JsonText.Of(source, "file_id")
            ?? (JsonText.Of(source, "source_type") is "id" ? JsonText.Of(source, "id") : null);
        if (fileId is not null)
            return new HostedFileContent(fileId) { MediaType = mediaType, Name = NameOf(block, source) };

        var data = JsonText.Of(source, "base64") ?? JsonText.Of(source, "data");
        var address = data is null
            ? JsonText.Of(source, "url") ?? JsonText.Of(source, "file_data")
            : $"data:{mediaType};base64,{data}";
        var content = At(address, mediaType);
        if (content is DataContent file)
            file.Name = NameOf(block, source);
        return content;
    }

    private static DataContent Audio(JsonElement block)
    {
        var audio = JsonText.ObjectOf(block, "input_audio") ?? default;
        return new DataContent($"data:audio/{JsonText.Of(audio, "format") ?? "*"};base64,{JsonText.Of(audio, "data")}");
    }

    private static AIContent At(string? address, string mediaType) =>
        address is null ? throw new FormatException("There is neither data nor an address.")
        : address.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(address)
        : new UriContent(new Uri(address, UriKind.Absolute), mediaType);

    private static AIContent Foreign(JsonElement block) =>
        JsonText.ObjectOf(block, "value") is { } value && JsonText.Of(value, "$type") is not null
            ? value.Deserialize<AIContent>(KeptJson.Options) ?? new AIContent()
            : new AIContent();

    private static void AddExtras(AIContent content, JsonElement block)
    {
        if (JsonText.ObjectOf(block, "extras") is { } extras)
        {
            // The two that contents have members for are read there.
            foreach (var extra in extras.EnumerateObject().Where(one => one.Name is not ("signature" or "filename")))
                (content.AdditionalProperties ??= []).TryAdd(extra.Name, extra.Value);
        }

        if (JsonText.Property(block, "annotations", JsonValueKind.Array) is { } annotations)
        {
            content.Annotations =
            [
                .. annotations.EnumerateArray()
                    .Where(annotation => JsonText.Of(annotation, "$type") is not null) // Others are a provider's own.
                    .Select(annotation => annotation.Deserialize<AIAnnotation>(KeptJson.Options)!), // It is an object.
            ];
        }
    }

    private static string? NameOf(JsonElement block, JsonElement source) =>
        JsonText.Of(source, "filename") ?? JsonText.Of(block, "filename") ?? JsonText.Of(block, "title")
        ?? (JsonText.ObjectOf(block, "extras") is { } extras ? JsonText.Of(extras, "filename") : null);
}
