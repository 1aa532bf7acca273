using ActorRuns.Threads;

namespace ActorRuns.Webhooks;

/// <summary>Calls webhooks. How it does so, and which it may call, is the concern of the runtime's host.</summary>
public interface IWebhookSender
{
    /// <summary>Tells a webhook of the end of a run, once. Ends within a time of its own.</summary>
    /// <param name="threadId">The thread of the run.</param>
    /// <param name="owed">What is told.</param>
    /// <param name="cancellationToken">Gives up; whether the webhook was told is not known.</param>
    /// <returns>What came of it; what cannot be told is an answer as well, not an exception.</returns>
    Task<WebhookAnswer> SendAsync(ThreadId threadId, OwedWebhook owed, CancellationToken cancellationToken);
}

/// <summary>What came of the try to tell a webhook.</summary>
public abstract record WebhookAnswer
{
    private WebhookAnswer() { }

    /// <summary>The webhook has taken the word.</summary>
    public sealed record Taken : WebhookAnswer;

    /// <summary>It has not.</summary>
    /// <param name="Reason">Why not, without what is secret of its address.</param>
    /// <param name="MayRetry">False when trying again would come to the same.</param>
    public sealed record NotTaken(string Reason, bool MayRetry) : WebhookAnswer;
}

/// <summary>For a runtime whose host calls no webhooks: each is given up at once, and the journal says why.</summary>
internal sealed class NoWebhooks : IWebhookSender
{
    /// <inheritdoc />
    public Task<WebhookAnswer> SendAsync(ThreadId threadId, OwedWebhook owed, CancellationToken cancellationToken) =>
        Task.FromResult<WebhookAnswer>(new WebhookAnswer.NotTaken("This server calls no webhooks.", MayRetry: false));
}
