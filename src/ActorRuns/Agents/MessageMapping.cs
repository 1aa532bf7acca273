using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// Turns messages in LangChain's shape into those of Microsoft.Extensions.AI, and back. What comes from one side goes
/// back to it unchanged; what the other side has no place for is kept beside it: in
/// <see cref="ChatMessage.AdditionalProperties"/> here, in <see cref="Message.Extra"/> there.
/// </summary>
/// <remarks>
/// Two things are alike afterwards: an empty list of blocks and empty text, and a tool message without a status and a
/// successful one.
/// </remarks>
public static class MessageMapping
{
    private const string CreatedAt = "created_at";
    private const string Kwargs = "additional_kwargs";

    // Fields that a message has members for, so that no extra may take their names.
    private static readonly ImmutableHashSet<string> Members = ImmutableHashSet.Create(
        StringComparer.Ordinal, "id", "type", "role", "content", "tool_calls", "tool_call_id", "name", "status");

    /// <summary>One message for a model.</summary>
    public static ChatMessage ToChatMessage(Message message)
    {
        List<AIContent> contents = message.Type is MessageType.Tool
            ? [ToResult(message)]
            : [.. ContentMapping.ToContents(message.Content), .. message.ToolCalls.Select(ToCall)];
        if (message.Extra.TryGetValue(UsageMapping.Field, out var usage))
            contents.Add(new UsageContent(UsageMapping.ToDetails(usage)));

        return new ChatMessage(ToRole(message.Type), contents)
        {
            MessageId = message.Id,
            AuthorName = message.Name,
            CreatedAt = message.Extra.TryGetValue(CreatedAt, out var at)
                && at.ValueKind is JsonValueKind.String
                && at.TryGetDateTimeOffset(out var instant) ? instant : null,
            AdditionalProperties = message.Extra.IsEmpty
                ? null
                : new(message.Extra.Select(extra => KeyValuePair.Create(extra.Key, (object?)extra.Value))),
        };
    }

    /// <summary>
    /// The message of a model, a user or a tool in LangChain's shape; several when it holds results of several calls,
    /// since there each result is a message.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="newId">Makes the ids that are missing.</param>
    /// <returns>At least one message; the first has the id of <paramref name="message"/>, if it has one.</returns>
    public static IReadOnlyList<Message> ToMessages(ChatMessage message, Func<string> newId)
    {
        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        var said = message.Contents.Where(content => content is not (FunctionResultContent or UsageContent)).ToList();
        var messages = new List<Message>();
        if (results.Count is 0 || said.Count > 0)
            messages.Add(ToSaid(message, said, NextId()));
        foreach (var result in results)
            messages.Add(ToToolMessage(result, message.AuthorName, NextId()));

        messages[0] = messages[0] with { Extra = ToExtra(message) };
        return messages;

        string NextId() => messages.Count is 0 && message.MessageId is { Length: > 0 } id ? id : newId();
    }

    /// <summary>A tool call in LangChain's shape; arguments that could not be read are empty.</summary>
    internal static ToolCall ToToolCall(FunctionCallContent call) => new(
        call.CallId,
        call.Name,
        call.RawRepresentation is KeptJson(var args)
            ? args
            : KeptJson.Of(call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal)));

    private static ChatRole ToRole(string type) => type switch
    {
        MessageType.Human => ChatRole.User,
        MessageType.Ai => ChatRole.Assistant,
        MessageType.Tool => ChatRole.Tool,
        MessageType.System => ChatRole.System,
        _ => new ChatRole(type),
    };

    private static string ToType(ChatRole role) =>
        role == ChatRole.User ? MessageType.Human
        : role == ChatRole.Assistant ? MessageType.Ai
        : role == ChatRole.Tool ? MessageType.Tool
        : role == ChatRole.System ? MessageType.System
        : role.Value;

    private static FunctionCallContent ToCall(ToolCall call)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (call.Args.ValueKind is JsonValueKind.Object)
        {
            foreach (var argument in call.Args.EnumerateObject())
                arguments[argument.Name] = argument.Value; // Of two with one name the last counts, as for most readers.
        }

        return new FunctionCallContent(call.Id, call.Name, arguments) { RawRepresentation = new KeptJson(call.Args) };
    }

    private static FunctionResultContent ToResult(Message message) => new(
        message.ToolCallId ?? string.Empty,
        ContentMapping.ToResult(message.Content))
    {
        Exception = message.Status is ToolStatus.Error ? new InvalidOperationException(message.Text) : null,
        RawRepresentation = message.Content.HasBlocks ? new KeptJson(message.Content.Blocks) : null,
    };

    private static Message ToSaid(ChatMessage message, List<AIContent> said, string id) => new()
    {
        Id = id,
        Type = ToType(message.Role),
        Name = message.AuthorName,
        Content = ContentMapping.ToContent([.. said.Where(content => !InvalidCalls.IsCall(content))]),
        ToolCalls = [.. said.Where(InvalidCalls.IsCall).Cast<FunctionCallContent>().Select(ToToolCall)],
    };

    private static Message ToToolMessage(FunctionResultContent result, string? name, string id) => new()
    {
        Id = id,
        Type = MessageType.Tool,
        Name = name,
        ToolCallId = result.CallId,
        Status = result.Exception is null ? ToolStatus.Success : ToolStatus.Error,
        Content = result.RawRepresentation is KeptJson(var blocks)
            ? MessageContent.Of(blocks)
            : ContentMapping.OfResult(result.Result ?? result.Exception?.Message),
    };

    private static ImmutableSortedDictionary<string, JsonElement> ToExtra(ChatMessage message)
    {
        var extra = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        var kwargs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (key, value) in message.AdditionalProperties ?? [])
        {
            if (Members.Contains(key))
                kwargs[key] = KeptJson.Of(value);
            else
                extra[key] = KeptJson.Of(value);
        }

        if (kwargs.Count > 0)
            extra[Kwargs] = KeptJson.Of(Merged(extra.GetValueOrDefault(Kwargs), kwargs));
        if (message.CreatedAt is { } at)
            extra.TryAdd(CreatedAt, KeptJson.Of(at));
        if (message.Contents.OfType<UsageContent>().LastOrDefault() is { } usage)
            extra.TryAdd(UsageMapping.Field, UsageMapping.ToJson(usage.Details));
        if (InvalidCalls.Describe(message.Contents) is { } invalid)
            extra.TryAdd(InvalidCalls.Field, invalid);
        return extra.ToImmutable();
    }

    private static Dictionary<string, JsonElement> Merged(JsonElement kwargs, Dictionary<string, JsonElement> more)
    {
        if (kwargs.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in kwargs.EnumerateObject())
                more.TryAdd(property.Name, property.Value);
        }

        return more;
    }
}
