using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>Messages as words, the same for what a model is given and for what is recorded.</summary>
internal static class Words
{
    public static IEnumerable<string> Of(ChatMessage message)
    {
        var who = message.Role == ChatRole.User ? MessageType.Human
            : message.Role == ChatRole.Assistant ? MessageType.Ai
            : message.Role.Value;
        if (message.Role == ChatRole.Tool)
        {
            return message.Contents.OfType<FunctionResultContent>().Select(result =>
                $"{who}{(result.Exception is null ? "" : " error")}: {result.Result ?? result.Exception?.Message}");
        }

        return Line(
            who, message.Text, message.Contents.OfType<FunctionCallContent>().Select(call => call.Name).ToList());
    }

    public static IEnumerable<string> Of(Message message) => message.Type is MessageType.Tool
        ? [$"{message.Type}{(message.Status is ToolStatus.Error ? " error" : "")}: {message.Text}"]
        : Line(message.Type, message.Text, message.ToolCalls.Select(call => call.Name).ToList());

    /// <summary>The text in quotes, shortened when it is long.</summary>
    public static string Quoted(this string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 80 ? $"\"{line}\"" : $"\"{line[..77]}…\"";
    }

    public static string Difference(
        string message, IEnumerable<string> expected, IEnumerable<string> actual) =>
        $"{message}.\nexpected:\n  {string.Join("\n  ", expected)}\nbut it is:\n  {string.Join("\n  ", actual)}";

    /// <summary>A text in tokens, each with the space behind it.</summary>
    public static IEnumerable<string> Tokens(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf(' ', start) is var space and >= 0 ? space + 1 : text.Length;
            yield return text[start..end];
        }
    }

    private static IEnumerable<string> Line(string who, string text, List<string> calls)
    {
        if (text.Length > 0 || calls.Count is 0)
            yield return $"{who}: {text}";
        if (calls.Count > 0)
            yield return $"{who} calls {string.Join(", ", calls)}";
    }
}
