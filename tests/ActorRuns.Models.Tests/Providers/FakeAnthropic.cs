using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.Models.Tests.Providers;

/// <summary>Anthropic's messages, streamed.</summary>
public sealed partial class FakeAnthropic : FakeProvider
{
    public const string Model = "claude-test";

    protected override string Path => "/v1/messages";

    protected override (int Status, JsonNode Body)? FaultOf(HttpRequest request, JsonObject body)
    {
        // The header of old, and the one that the official client sends by now.
        if (request.Headers["x-api-key"] != Key && request.Headers.Authorization != $"Bearer {Key}")
            return (401, Error("authentication_error", $"invalid x-api-key: {request.Headers.Authorization}"));
        if (request.Headers["anthropic-version"].Count is 0)
            return (400, Error("invalid_request_error", "anthropic-version: header is required"));
        if ((string?)body["model"] is not Model)
            return (404, Error("not_found_error", $"model: {body["model"]}"));
        if (body["max_tokens"] is null)
            return (400, Error("invalid_request_error", "max_tokens: Field required"));

        return MessagesFault(body["messages"]!.AsArray()) is { } fault
            ? (400, Error("invalid_request_error", fault))
            : null;
    }

    protected override JsonNode ErrorOf(int status) => Error(
        status switch { 429 => "rate_limit_error", 529 => "overloaded_error", _ => "api_error" },
        $"The fake was told to answer {status}.");

    protected override IEnumerable<string> Pieces(Reply reply)
    {
        yield return Event("message_start", new
        {
            type = "message_start",
            message = new
            {
                id = "msg_1", type = "message", role = "assistant", model = Model, content = Array.Empty<object>(),
                stop_reason = (string?)null, stop_sequence = (string?)null,
                usage = new
                {
                    input_tokens = 20, output_tokens = 1, cache_creation_input_tokens = 5, cache_read_input_tokens = 16,
                },
            },
        });
        yield return Event("ping", new { type = "ping" });
        var blocks = new List<(object Block, object[] Deltas)>();
        if (reply.Thoughts.Length > 0)
        {
            blocks.Add((
                new { type = "thinking", thinking = "", signature = "" },
                [
                    .. reply.Thoughts.Select(thinking => new { type = "thinking_delta", thinking }),
                    new { type = "signature_delta", signature = "c2ln" },
                ]));
        }

        if (reply.Texts.Length > 0)
        {
            blocks.Add((
                new { type = "text", text = "" }, [.. reply.Texts.Select(text => new { type = "text_delta", text })]));
        }

        blocks.AddRange(reply.Calls.Select(call => (
            (object)new { type = "tool_use", id = call.Id, name = call.Name, input = new { } },
            (object[])[.. call.Arguments.Select(partial_json => new { type = "input_json_delta", partial_json })])));

        for (var index = 0; index < blocks.Count; index++)
        {
            var (content_block, deltas) = blocks[index];
            yield return Event("content_block_start", new { type = "content_block_start", index, content_block });
            foreach (var delta in deltas)
                yield return Event("content_block_delta", new { type = "content_block_delta", index, delta });
            if (index < blocks.Count - 1 || reply.End is ReplyEnd.Whole)
                yield return Event("content_block_stop", new { type = "content_block_stop", index });
        }
    }

    protected override IEnumerable<string> End(Reply reply)
    {
        yield return Event("message_delta", new
        {
            type = "message_delta",
            delta = new { stop_reason = reply.Calls.Length > 0 ? "tool_use" : "end_turn" },
            usage = new { output_tokens = 10 },
        });
        yield return Event("message_stop", new { type = "message_stop" });
    }

    protected override string Failure() => Event("error", Error("overloaded_error", "Overloaded"));

    private static string? MessagesFault(JsonArray messages)
    {
        if (messages.Count is 0)
            return "messages: at least one message is required";

        var open = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = (string)messages[i]!["role"]!;
            var blocks = Blocks(messages[i]!["content"]);
            if (i is 0 && role is not "user")
                return "messages: first message must use the \"user\" role";
            if (blocks.Count is 0)
            {
                return $"messages.{i}: all messages must have non-empty content except for the optional final "
                    + "assistant message";
            }

            var results = blocks.TakeWhile(block => TypeOf(block) is "tool_result").ToList();
            if (blocks.Skip(results.Count).Any(block => TypeOf(block) is "tool_result") && open.Count > 0)
                return $"messages.{i}: `tool_result` blocks must come first in the content of a message";
            foreach (var id in results.Select(block => (string)block["tool_use_id"]!))
            {
                if (!open.Remove(id))
                    return $"messages.{i}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {id}.";
            }

            // Stricter than the real one, which takes results in several messages too, but documents that as wrong.
            if (open.Count > 0)
                return Unanswered(i - 1, open);
            if (BlockFault(i, blocks, known, open) is { } fault)
                return fault;
        }

        return open.Count > 0 ? Unanswered(messages.Count - 1, open) : null;
    }

    private static string? BlockFault(int i, List<JsonObject> blocks, HashSet<string> known, List<string> open)
    {
        foreach (var block in blocks)
        {
            if (TypeOf(block) is "text" && string.IsNullOrWhiteSpace((string?)block["text"]))
                return "messages: text content blocks must contain non-whitespace text";
            if (TypeOf(block) is "thinking" && (string?)block["signature"] is null)
                return $"messages.{i}.content.0.thinking.signature: Field required";
            if (TypeOf(block) is not "tool_use")
                continue;

            var id = (string)block["id"]!;
            if (!Id().IsMatch(id))
                return $"messages.{i}.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
            if (!known.Add(id))
                return $"messages.{i}.content: `tool_use` ids must be unique";
            if (block["input"] is not JsonObject)
                return $"messages.{i}.content.0.tool_use.input: Input should be a valid dictionary";
            open.Add(id);
        }

        return null;
    }

    private static List<JsonObject> Blocks(JsonNode? content) => content switch
    {
        JsonArray blocks => [.. blocks.Select(block => block!.AsObject())],
        JsonValue text when text.GetValue<string>().Length > 0 =>
            [new JsonObject { ["type"] = "text", ["text"] = text.GetValue<string>() }],
        _ => [],
    };

    private static string TypeOf(JsonObject block) => (string)block["type"]!;

    private static string Unanswered(int i, IEnumerable<string> ids) =>
        $"messages.{i}: `tool_use` ids were found without `tool_result` blocks immediately after: "
        + $"{string.Join(", ", ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the "
        + "next message.";

    private static JsonNode Error(string type, string message) => new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
        ["request_id"] = "req_1",
    };

    private static string Event(string name, object value) => $"event: {name}\ndata: {Json(value)}\n\n";

    [GeneratedRegex("^[a-zA-Z0-9_-]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
