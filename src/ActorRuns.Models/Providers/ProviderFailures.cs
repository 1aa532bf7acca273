using System.ClientModel;
using Anthropic.Exceptions;

namespace ActorRuns.Models.Providers;

/// <summary>Says what went wrong with a model in words for those who use the run; never with its key.</summary>
/// <param name="name">The model.</param>
/// <param name="key">The key, so that it is not told.</param>
/// <param name="address">Where the provider is.</param>
/// <param name="variable">Where the key comes from.</param>
internal sealed class ProviderFailures(ModelName name, string key, string address, string variable)
{
    private const int MaxDetail = 2_000;

    /// <summary>The failure that a client's exception stands for.</summary>
    public ModelException Of(Exception fault) => Find<ModelException>(fault) is { } known
        ? new ModelException(known.Failure, Clean($"{name}: {known.Message}"), fault)
        : Find<ClientResultException>(fault) is { Status: > 0 } openAI
            ? OfStatus(openAI.Status, openAI.Message, fault)
        : Find<AnthropicApiException>(fault) is { } anthropic
            ? OfStatus((int)anthropic.StatusCode, DetailOf(anthropic), fault)
        : Find<AnthropicSseException>(fault) is { } cut
            ? New(ModelFailure.ProviderFailed, $"{name} failed in the middle of its answer: {DetailOf(cut)}", fault)
        : Find<IOException>(fault) is { } broken && Find<HttpRequestException>(fault) is null
            ? New(ModelFailure.BrokenAnswer, $"The answer of {name} broke off: {broken.Message}", fault)
        : Find<HttpRequestException>(fault) is { } unreachable
            ? New(ModelFailure.Unreachable, $"{name} cannot be reached at {address}: {unreachable.Message}", fault)
        : New(ModelFailure.BrokenAnswer, $"The answer of {name} cannot be read: {fault.Message}", fault);

    private ModelException OfStatus(int status, string detail, Exception fault) => status switch
    {
        401 or 403 => New(
            ModelFailure.Unauthorized, $"{name} is refused to us ({status}); check {variable}: {detail}", fault),
        404 => New(ModelFailure.NotFound, $"{name} is not known at {address} (404): {detail}", fault),
        429 => New(ModelFailure.RateLimited, $"{name} takes no more requests for now (429): {detail}", fault),
        >= 500 => New(ModelFailure.ProviderFailed, $"The provider of {name} failed ({status}): {detail}", fault),
        _ => New(ModelFailure.Refused, $"{name} refused the request ({status}): {detail}", fault),
    };

    private ModelException New(ModelFailure failure, string message, Exception fault) =>
        new(failure, Clean(message), fault);

    private static string DetailOf(AnthropicServiceException fault) => fault.ApiMessage ?? fault.Message;

    private static T? Find<T>(Exception? fault)
        where T : Exception
    {
        while (fault is not (null or T))
            fault = fault.InnerException;
        return fault as T;
    }

    private string Clean(string message)
    {
        var text = key.Length > 0 ? message.Replace(key, "***", StringComparison.Ordinal) : message;
        return text.Length <= MaxDetail ? text : $"{text[..MaxDetail]}…";
    }
}
