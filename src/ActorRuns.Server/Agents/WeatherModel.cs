using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace ActorRuns.Server.Agents;

/// <summary>A chat model by script: it needs no network, and says the same every time.</summary>
/// <param name="delays">How long it takes.</param>
/// <param name="time">The clock of its delays.</param>
/// <param name="callId">The id of the tool call that it may ask for.</param>
internal sealed partial class WeatherModel(DemoDelays delays, TimeProvider time, string callId) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Delay(delays.Model, time, cancellationToken);
        switch (Answer(messages.LastOrDefault()))
        {
            case FunctionCallContent call:
                yield return new(ChatRole.Assistant, [call]) { FinishReason = ChatFinishReason.ToolCalls };
                break;
            case TextContent text:
                foreach (var token in Tokens(text.Text))
                {
                    await Task.Delay(delays.Token, time, cancellationToken);
                    yield return new ChatResponseUpdate(ChatRole.Assistant, token);
                }

                yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
                break;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing.
    }

    private AIContent Answer(ChatMessage? last)
    {
        if (last?.Contents.OfType<FunctionResultContent>().LastOrDefault() is { } result)
            return new TextContent(Report($"{result.Result}", failed: result.Exception is not null));

        var said = last?.Text ?? string.Empty;
        if (last?.Role == ChatRole.User && WithoutToolExplode(said).Contains("explode", StringComparison.Ordinal))
            throw new InvalidOperationException("model exploded");

        return WeatherIn().Match(said) is { Success: true } match
            ? WeatherTool.Call(callId, City(match.Groups["city"].Value.Trim()))
            : new TextContent($"You said: {said}");
    }

    private static string Report(string result, bool failed) => failed
        ? $"The search failed: {result}"
        : $"The weather in {result.Split(':')[0]} is sunny and 18 degrees with a light wind from the west and no rain "
            + "before the evening so a coat can stay at home.";

    private static string City(string name) => name switch
    {
        "SF" => "san francisco",
        "NYC" => "new york city",
        _ => name.ToLowerInvariant(),
    };

    private static string WithoutToolExplode(string text) =>
        text.Replace(WeatherTool.Trigger, string.Empty, StringComparison.Ordinal);

    // A token ends after each space.
    private static IEnumerable<string> Tokens(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf(' ', start) is var space and >= 0 ? space + 1 : text.Length;
            yield return text[start..end];
        }
    }

    [GeneratedRegex(
        "weather in (?<city>[^?]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WeatherIn();
}
