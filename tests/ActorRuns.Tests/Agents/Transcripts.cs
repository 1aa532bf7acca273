using System.Text;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Agents;

/// <summary>Short words for messages.</summary>
internal static class Transcripts
{
    private static int _ids;

    public static Message Human(string text) => Of(MessageType.Human, text);

    public static Message Ai(string text, string? id = null) => Of(MessageType.Ai, text, id);

    /// <summary>A message of a model that calls the tool <c>tool</c> under each of these ids.</summary>
    public static Message Asks(params string[] callIds) => Ai(string.Empty) with
    {
        ToolCalls = [.. callIds.Select(id => new ToolCall(id, "tool", JsonElement.Parse("{}")))],
    };

    public static Message Calls(params ToolCall[] calls) => Ai(string.Empty) with { ToolCalls = [.. calls] };

    public static ToolCall Call(string id, string tool, string args = "{}") => new(id, tool, JsonElement.Parse(args));

    public static Message Answers(string callId, string text = "result") =>
        Of(MessageType.Tool, text) with { ToolCallId = callId, Status = ToolStatus.Success };

    /// <summary>The message as it stands on the wire.</summary>
    public static string Wire(Message message) =>
        Encoding.UTF8.GetString(StateJson.Write(writer => StateJson.WriteMessage(writer, message)));

    /// <summary>Reads a message as clients send it.</summary>
    public static Message Read(string json) =>
        MessageReader.TryRead(JsonElement.Parse(json), () => "new", out var message, out var expected)
            ? message
            : throw new ArgumentException($"Expected {expected}.", nameof(json));

    public static IReadOnlyList<Message> Messages(this NodeUpdate update) =>
        [.. update.Writes.OfType<ChannelWrite.AppendMessage>().Select(write => write.Message)];

    private static Message Of(string type, string text, string? id = null) => new()
    {
        Id = id ?? $"m{Interlocked.Increment(ref _ids)}",
        Type = type,
        Content = MessageContent.Of(text),
    };
}
