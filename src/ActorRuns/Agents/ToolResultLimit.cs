using ActorRuns.Messages;

namespace ActorRuns.Agents;

/// <summary>Keeps results of tools to what a journal and a model can take, and says what was left out.</summary>
internal static class ToolResultLimit
{
    /// <summary>The longest text, in characters; more fills a model's context, and is paid for at every step.</summary>
    public const int MaxText = 262_144;

    /// <summary>The longest result with blocks, such as images, in characters of JSON; it cannot be cut.</summary>
    public const int MaxBlocks = 8_388_608;

    /// <summary>The result itself, its beginning, or an error in its place.</summary>
    public static Message Bound(Message result)
    {
        if (result.Content.HasBlocks)
        {
            var length = result.Content.Blocks.GetRawText().Length;
            return length <= MaxBlocks
                ? result
                : result with
                {
                    Status = ToolStatus.Error,
                    Content = MessageContent.Of(
                        $"The result was left out: it has {length} characters, and at most {MaxBlocks} are taken. "
                        + "Ask for less."),
                };
        }

        var text = result.Content.Text;
        if (text.Length <= MaxText)
            return result;

        // Not between the halves of a character.
        var end = char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText;
        return result with
        {
            Content = MessageContent.Of(
                $"{text[..end]}\n[Cut here: the result has {text.Length} characters, of which these are the first "
                + $"{end}. Ask for less.]"),
        };
    }
}
