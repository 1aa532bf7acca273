using ActorRuns.AspNetCore.Problems;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Akka.Actor;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore;

/// <summary>Sends messages to threads and awaits their answers; a refusal ends the request with its problem.</summary>
/// <param name="runtime">The runtime.</param>
internal sealed class ThreadGateway(ActorRunsRuntime runtime)
{
    // Longer than the journal's own time for a write, so that its word comes first.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    // Longer than the longest actorruns.stop-grace, after which the thread answers whatever the work does.
    private static readonly TimeSpan StoppedWithin = TimeSpan.FromMinutes(11);

    /// <summary>Sends a message and awaits the answer.</summary>
    /// <typeparam name="T">The answer when it is not refused.</typeparam>
    /// <exception cref="ProblemException">The thread refused it, or did not answer in time.</exception>
    public async Task<T> AskAsync<T>(IThreadMessage message, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var timeout = message is StopRuns { Wait: true } ? StoppedWithin : AnswerWithin;
            var answer = await runtime.Threads.Ask<object>(message, timeout).WaitAsync(cancellationToken);
            return answer switch
            {
                T expected => expected,
                Refused(var reason) => throw new ProblemException(Problem.Of(reason)),
                Status.Failure { Cause: JournalUnavailableException } =>
                    throw new ProblemException(Problem.Unavailable("The journal did not take it; nothing has changed")),
                Status.Failure failure => throw new InvalidOperationException("The thread failed.", failure.Cause),
                _ => throw new InvalidOperationException($"{message.GetType().Name} was answered by {answer.GetType().Name}."),
            };
        }
        catch (AskTimeoutException)
        {
            throw new ProblemException(Problem.Unavailable($"Thread {message.ThreadId} did not answer in time"));
        }
    }

    /// <summary>What is recorded of a thread; null when there is none.</summary>
    public async Task<ThreadLedger?> TryReadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        await runtime.Threads.Ask<object>(new ReadThread(thread), AnswerWithin).WaitAsync(cancellationToken) is ThreadRead read
            ? read.Ledger
            : null;

    /// <summary>What is recorded of a thread.</summary>
    public async Task<ThreadLedger> ReadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        (await AskAsync<ThreadRead>(new ReadThread(thread), cancellationToken)).Ledger;

    /// <summary>Deletes a thread; none of that id is as good as deleted.</summary>
    /// <exception cref="ProblemException">The thread did not answer, or the journal did not take it.</exception>
    public async Task TryDeleteAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync<Deleted>(new DeleteThread(thread), cancellationToken);
        }
        catch (ProblemException gone) when (gone.Problem.Status is StatusCodes.Status404NotFound)
        {
            // Someone else was faster.
        }
    }
}
