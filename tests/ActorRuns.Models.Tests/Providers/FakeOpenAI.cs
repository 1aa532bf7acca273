using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.Models.Tests.Providers;

/// <summary>OpenAI's chat completions, streamed.</summary>
public sealed partial class FakeOpenAI : FakeProvider
{
    public const string Model = "gpt-test";

    public string BaseUrl => $"{Address}/v1";

    protected override string Path => "/v1/chat/completions";

    protected override (int Status, JsonNode Body)? FaultOf(HttpRequest request, JsonObject body)
    {
        if (request.Headers.Authorization != $"Bearer {Key}")
            return (401, Error($"Incorrect API key provided: {request.Headers.Authorization}", "invalid_api_key"));
        if ((string?)body["model"] is not Model)
        {
            var unknown = $"The model `{body["model"]}` does not exist or you do not have access to it.";
            return (404, Error(unknown, "model_not_found"));
        }

        return (MessagesFault(body["messages"]!.AsArray()) ?? ToolsFault(body)) is { } fault
            ? (400, Error(fault, code: null))
            : null;
    }

    protected override JsonNode ErrorOf(int status) => Error($"The fake was told to answer {status}.", code: null);

    protected override IEnumerable<string> Pieces(Reply reply)
    {
        yield return Chunk(new { role = "assistant", content = "" });
        foreach (var thought in reply.Thoughts)
            yield return Chunk(new { reasoning_content = thought });
        foreach (var text in reply.Texts)
            yield return Chunk(new { content = text });
        for (var index = 0; index < reply.Calls.Length; index++)
        {
            var (id, name, arguments) = reply.Calls[index];
            var function = new { name, arguments = "" };
            yield return Chunk(new { tool_calls = new[] { new { index, id, type = "function", function } } });
            foreach (var piece in arguments)
                yield return Chunk(new { tool_calls = new[] { new { index, function = new { arguments = piece } } } });
        }
    }

    protected override IEnumerable<string> End(Reply reply)
    {
        yield return Chunk(new { }, reply.Calls.Length > 0 ? "tool_calls" : "stop");
        yield return Event(new
        {
            id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1767225600, model = Model,
            choices = Array.Empty<object>(),
            usage = new
            {
                prompt_tokens = 20, completion_tokens = 10, total_tokens = 30,
                prompt_tokens_details = new { cached_tokens = 16, audio_tokens = 0 },
                completion_tokens_details = new { reasoning_tokens = 4, audio_tokens = 0 },
            },
        });
        yield return "data: [DONE]\n\n";
    }

    protected override string Failure() =>
        Event(new { error = new { message = "The server had an error.", type = "server_error" } });

    private static string? MessagesFault(JsonArray messages)
    {
        var open = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages.Select(node => node!.AsObject()))
        {
            var role = (string?)message["role"];
            if (role is "tool")
            {
                if ((string?)message["tool_call_id"] is not { } answered || !open.Remove(answered))
                {
                    return "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
                        + "with 'tool_calls'.";
                }

                continue;
            }

            if (open.Count > 0)
                return Unanswered(open);
            var calls = message["tool_calls"]?.AsArray() ?? [];
            if (role is "assistant" && calls.Count is 0 && IsEmpty(message["content"]))
                return "Invalid value for 'content': expected a string, got null.";
            foreach (var call in calls)
            {
                if (call!["function"]!["arguments"]!.GetValueKind() is not System.Text.Json.JsonValueKind.String)
                    return "Invalid type for 'messages.tool_calls.function.arguments': expected a string.";
                var id = (string)call["id"]!;
                if (!known.Add(id))
                    return $"Duplicate value for 'tool_call_id' of '{id}'.";
                open.Add(id);
            }
        }

        return open.Count > 0 ? Unanswered(open) : messages.Count is 0 ? "[] is too short - 'messages'" : null;
    }

    private static string? ToolsFault(JsonObject body)
    {
        var tools = body["tools"]?.AsArray();
        if (tools is null or { Count: 0 })
        {
            return body.ContainsKey("parallel_tool_calls")
                ? "'parallel_tool_calls' is only allowed when 'tools' are specified."
                : null;
        }

        var names = tools.Select(tool => (string)tool!["function"]!["name"]!);
        return names.FirstOrDefault(name => !Name().IsMatch(name)) is { } bad
            ? $"Invalid 'tools[0].function.name': '{bad}' does not match pattern '^[a-zA-Z0-9_-]+$'."
            : null;
    }

    private static bool IsEmpty(JsonNode? content) =>
        content is null || (content is JsonArray { Count: 0 })
        || (content is JsonValue value && value.GetValue<string>().Length is 0);

    private static string Unanswered(IEnumerable<string> ids) =>
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        + $"The following tool_call_ids did not have response messages: {string.Join(", ", ids)}";

    private static JsonNode Error(string message, string? code) => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = code,
        },
    };

    private static string Chunk(object delta, string? reason = null) => Event(new
    {
        id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1767225600, model = Model,
        choices = new[] { new { index = 0, delta, finish_reason = reason } },
    });

    private static string Event(object value) => $"data: {Json(value)}\n\n";

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
