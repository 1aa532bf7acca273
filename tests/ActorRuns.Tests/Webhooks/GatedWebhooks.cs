using System.Collections.Concurrent;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Tests.Webhooks;

/// <summary>Webhooks whose receiver does what the test says: each call shows up, and waits for the answer.</summary>
public sealed class GatedWebhooks : IWebhookSender
{
    private readonly BlockingCollection<WebhookCall> _calls = [];

    /// <summary>True when no call has come that the test has not seen.</summary>
    public bool IsQuiet => _calls.Count is 0;

    /// <summary>The next call, once it has come.</summary>
    public WebhookCall Next() => _calls.TryTake(out var call, TimeSpan.FromSeconds(10))
        ? call
        : throw new TimeoutException("No webhook was called within 10 s.");

    /// <inheritdoc />
    public Task<WebhookAnswer> SendAsync(ThreadId threadId, OwedWebhook owed, CancellationToken cancellationToken)
    {
        var call = new WebhookCall(threadId, owed, cancellationToken);
        _calls.Add(call, CancellationToken.None);
        return call.Answered;
    }
}

/// <summary>One call of a webhook.</summary>
public sealed class WebhookCall(ThreadId thread, OwedWebhook owed, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<WebhookAnswer> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ThreadId Thread => thread;

    public OwedWebhook Owed => owed;

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    internal Task<WebhookAnswer> Answered => _answer.Task;

    public void Take() => _answer.TrySetResult(new WebhookAnswer.Taken());

    public void Refuse(bool mayRetry = true) =>
        _answer.TrySetResult(new WebhookAnswer.NotTaken("It answered 500.", mayRetry));

    public void Break() => _answer.TrySetException(new IOException("The line broke."));
}
