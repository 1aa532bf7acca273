using ActorRuns.AspNetCore.Cluster;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Akka.Actor;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore;

/// <summary>Sends messages to threads and awaits their answers; a refusal ends the request with its problem.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="elsewhere">Asks other members; null when there are none.</param>
internal sealed class ThreadGateway(ActorRunsRuntime runtime, MemberCalls? elsewhere = null)
{
    // Longer than the journal's own time for a write, so that its word comes first.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    // Longer than the longest actorruns.stop-grace, after which the thread answers whatever the work does.
    private static readonly TimeSpan StoppedWithin = TimeSpan.FromMinutes(11);

    // As long as a run may take at most that somebody would wait for.
    private static readonly TimeSpan ToolsEndWithin = TimeSpan.FromDays(1);

    /// <summary>Sends a message and awaits the answer.</summary>
    /// <typeparam name="T">The answer when it is not refused.</typeparam>
    /// <exception cref="ProblemException">The thread refused it, or did not answer in time.</exception>
    public async Task<T> AskAsync<T>(IThreadMessage message, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var timeout = message switch
            {
                StopRuns { Wait: true, AfterTools: true } => ToolsEndWithin,
                StopRuns { Wait: true } => StoppedWithin,
                _ => AnswerWithin,
            };
            var answer = await runtime.Threads.Ask<object>(message, timeout).WaitAsync(cancellationToken);
            return answer switch
            {
                T expected => expected,
                Refused(var reason) => throw new ProblemException(Problem.Of(reason)),
                Status.Failure { Cause: JournalUnavailableException journal } =>
                    throw new ProblemException(Problem.Unavailable(journal)),
                Status.Failure { Cause: ThreadUnreadableException unreadable } =>
                    throw new ProblemException(Problem.Unreadable(unreadable)),
                Status.Failure failure => throw new InvalidOperationException("The thread failed.", failure.Cause),
                _ => throw new InvalidOperationException($"{message.GetType().Name} was answered by {answer.GetType().Name}."),
            };
        }
        catch (AskTimeoutException)
        {
            throw new ProblemException(Problem.Unavailable($"Thread {message.ThreadId} did not answer in time"));
        }
    }

    /// <summary>Waits for what happens next on a thread, as long as it takes.</summary>
    /// <returns>What the thread answers, refusals included.</returns>
    /// <exception cref="InvalidOperationException">The thread failed.</exception>
    public async Task<object> AwaitNextAsync(AwaitNext next, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // Asked again before the thread would stop for being idle.
                var answer = await runtime.Threads.Ask<object>(next, AnswerWithin).WaitAsync(cancellationToken);
                return answer is Status.Failure failure
                    ? throw new InvalidOperationException("The thread failed.", failure.Cause)
                    : answer;
            }
            catch (AskTimeoutException)
            {
                // Nothing has happened.
            }
        }
    }

    /// <summary>What is recorded of a thread; null when there is none, or it cannot be read.</summary>
    public async Task<ThreadLedger?> TryReadAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        try
        {
            return runtime.Shards.MayServe(thread)
                ? await ReadAsync(thread, cancellationToken)
                : await ReadElsewhereAsync(thread, cancellationToken);
        }
        catch (ProblemException moved) when (moved.Problem.IsElsewhere)
        {
            return await ReadElsewhereAsync(thread, cancellationToken);
        }
        catch (ProblemException none) when (none.Problem.Status
            is StatusCodes.Status404NotFound or StatusCodes.Status500InternalServerError)
        {
            return null;
        }
    }

    /// <summary>Deletes a thread, wherever it is executed.</summary>
    /// <returns>False when it is not there.</returns>
    public Task<bool> DeleteAsync(HttpContext context, ThreadId thread) => DoAsync(
        context,
        thread,
        async () => await TryAskAsync<Deleted>(new DeleteThread(thread), context.RequestAborted) is not null,
        others => others.DeleteAsync(context, thread));

    /// <summary>Takes the past of a thread out of sight, wherever it is executed.</summary>
    /// <returns>False when it is not there.</returns>
    public Task<bool> PruneAsync(HttpContext context, ThreadId thread) => DoAsync(
        context,
        thread,
        async () => await TryAskAsync<ThreadRead>(new PruneHistory(thread), context.RequestAborted) is not null,
        others => others.PruneAsync(context, thread));

    /// <summary>Stops runs, wherever their thread is executed.</summary>
    /// <returns>False when it is not there.</returns>
    public Task<bool> StopAsync(HttpContext context, StopRuns stop) => DoAsync(
        context,
        stop.ThreadId,
        async () => await TryAskAsync<RunsStopped>(stop, context.RequestAborted) is not null,
        others => others.StopAsync(context, stop));

    /// <summary>Does something to one of many threads: here, or where it is executed.</summary>
    private async Task<bool> DoAsync(
        HttpContext context, ThreadId thread, Func<Task<bool>> here, Func<MemberCalls, Task<bool>> there)
    {
        if (elsewhere is null || ClusterHeaders.IsForwarded(context))
            return await here();
        if (!runtime.Shards.MayServe(thread))
            return await there(elsewhere);

        try
        {
            return await here();
        }
        catch (ProblemException moved) when (moved.Problem.IsElsewhere)
        {
            return await there(elsewhere);
        }
    }

    /// <summary>What is recorded of a thread of another member.</summary>
    private async Task<ThreadLedger?> ReadElsewhereAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await runtime.Threads.Ask<object>(new ReadElsewhere(thread), AnswerWithin)
                .WaitAsync(cancellationToken);
            return answer is ThreadRead(var ledger) ? ledger : null;
        }
        catch (AskTimeoutException)
        {
            throw new ProblemException(Problem.Unavailable($"Thread {thread} could not be read in time"));
        }
    }

    /// <summary>What is recorded of a thread.</summary>
    public async Task<ThreadLedger> ReadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        (await AskAsync<ThreadRead>(new ReadThread(thread), cancellationToken)).Ledger;

    /// <summary>Sends a message and awaits the answer; null when what it is about is not there.</summary>
    /// <typeparam name="T">The answer when it is not refused.</typeparam>
    /// <exception cref="ProblemException">The thread refused it otherwise, or did not answer in time.</exception>
    public async Task<T?> TryAskAsync<T>(IThreadMessage message, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await AskAsync<T>(message, cancellationToken);
        }
        catch (ProblemException gone) when (gone.Problem.Status is StatusCodes.Status404NotFound)
        {
            return null;
        }
    }
}
