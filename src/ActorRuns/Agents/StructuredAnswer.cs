using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>Reads an answer that was to be JSON of a certain form.</summary>
internal static class StructuredAnswer
{
    /// <summary>The JSON that a text holds.</summary>
    /// <param name="text">What the model said.</param>
    /// <param name="format">What was asked for; without a schema any JSON will do.</param>
    /// <exception cref="StructuredAnswerException">It is no JSON, or does not fit the schema.</exception>
    public static JsonElement Read(string text, ChatResponseFormatJson format)
    {
        JsonElement answer;
        try
        {
            answer = JsonElement.Parse(text);
        }
        catch (JsonException fault)
        {
            throw new StructuredAnswerException($"The model's answer is no JSON: {fault.Message}", fault);
        }

        return format.Schema is { } schema && ArgumentCheck.FaultsOf(schema, answer) is { Count: > 0 } faults
            ? throw new StructuredAnswerException(
                $"The model's answer does not fit its schema: {string.Join(' ', faults)}")
            : answer;
    }
}

/// <summary>A model did not answer in the form that it was told to; the run fails with it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What reading the answer threw; null when it is JSON.</param>
public sealed class StructuredAnswerException(string message, Exception? inner = null) : Exception(message, inner);
