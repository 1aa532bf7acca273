using System.Collections.Immutable;
using ActorRuns.Assistants;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Problems;

/// <summary>An error as clients get it: a problem document (RFC 9457).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind of problem, the same each time.</param>
/// <param name="Detail">What is wrong here; the SDKs show it.</param>
internal sealed record Problem(int Status, string Title, string Detail)
{
    /// <summary>What was expected of each field that is wrong; empty when no field is.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Errors { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>True when another member of the cluster has the thread: nothing was done here.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>True when the same request may succeed a moment later.</summary>
    public bool MayRetry => Status is StatusCodes.Status503ServiceUnavailable;

    /// <summary>The body is no JSON.</summary>
    public static Problem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "Malformed request", detail);

    /// <summary>Something that was asked for is not there.</summary>
    public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, "Not found", detail);

    /// <summary>The route is there, but not for this method.</summary>
    public static Problem MethodNotAllowed(string detail) =>
        new(StatusCodes.Status405MethodNotAllowed, "Method not allowed", detail);

    /// <summary>What was asked does not fit what is there.</summary>
    public static Problem Conflict(string detail) => new(StatusCodes.Status409Conflict, "Conflict", detail);

    /// <summary>The body is larger than this server takes.</summary>
    public static Problem TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "Content too large", detail);

    /// <summary>The server cannot do it now; the same request may succeed a moment later.</summary>
    public static Problem Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "Service unavailable", detail);

    /// <summary>The journal did not take what was to be recorded, or could not be read.</summary>
    public static Problem Unavailable(JournalUnavailableException journal) => Unavailable(journal.MayBeRecorded
        ? "The journal did not confirm it: it may be recorded or not. Look before sending it anew"
        : "The journal did not take it; nothing has changed");

    /// <summary>A fault of the server; what it was is in the log alone.</summary>
    public static Problem Fault() => new(
        StatusCodes.Status500InternalServerError, "Internal server error", "The server failed; its log says how.");

    /// <summary>A thread's journal cannot be read; sending the request again does not help.</summary>
    public static Problem Unreadable(ThreadUnreadableException unreadable) => new(
        StatusCodes.Status500InternalServerError,
        "Thread unreadable",
        $"Thread {unreadable.ThreadId} is put aside: number {unreadable.SequenceNr} of its journal, a "
            + $"'{unreadable.Manifest}', cannot be read. The log of the server says why.");

    /// <summary>Fields are not what was expected.</summary>
    public static Problem Invalid(params IReadOnlyList<(string Field, string Expected)> faults) => new(
        StatusCodes.Status422UnprocessableEntity,
        "Invalid field",
        string.Join(" ", faults.Select(fault => $"{fault.Field}: expected {fault.Expected}.")))
    {
        Errors = faults.GroupBy(fault => fault.Field, StringComparer.Ordinal).ToImmutableSortedDictionary(
            field => field.Key,
            field => field.Select(fault => $"expected {fault.Expected}").ToImmutableArray(),
            StringComparer.Ordinal),
    };

    /// <summary>What is on the wire when nothing was done to an assistant.</summary>
    public static Problem Of(AssistantAnswer answer) => answer switch
    {
        AssistantAnswer.Unknown(var idOrGraph) => NotFound($"Assistant with ID {idOrGraph} not found"),
        AssistantAnswer.UnknownVersion(var number) => NotFound($"Assistant version {number} not found"),
        AssistantAnswer.UnknownGraph(var graph) => Invalid(("graph_id", $"a registered graph, not '{graph}'")),
        AssistantAnswer.Taken(var id) => Conflict($"Assistant with ID {id} already exists"),
        AssistantAnswer.Fixed(var graph) => Conflict(
            $"The assistant of graph '{graph}' is its own and cannot be changed; create another one for the graph."),
        _ => throw new ArgumentException($"{answer.GetType().Name} is no problem.", nameof(answer)),
    };

    /// <summary>The one table that says what a refusal is on the wire.</summary>
    public static Problem Of(Refusal refusal) => refusal switch
    {
        Refusal.ThreadNotFound(var thread) => NotFound($"Thread with ID {thread} not found"),
        Refusal.ThreadExists(var thread) => Conflict($"Thread with ID {thread} already exists"),
        Refusal.RunNotFound { RunId: var run, RolledBack: { } gone } => NotFound(gone.By is { } by
            ? $"Run with ID {run} not found: it was rolled back by run {by}"
            : $"Run with ID {run} not found: it was rolled back by a cancel"),
        Refusal.RunNotFound(var run) => NotFound($"Run with ID {run} not found"),
        Refusal.ThreadBusy(var thread) => Conflict(
            $"Thread {thread} is already running a task. Wait for it to finish or choose a different multitask strategy."),
        Refusal.ThreadStatusMismatch(var thread, var status) => Conflict(
            $"thread_status_mismatch: thread {thread} is {JsonNames.Of(status)}, not what if_thread_status asks for."),
        Refusal.RunBegan(var run, var status) => Conflict(
            $"Run {run} is {JsonNames.Of(status)}: only a run that waits for its turn can be edited or promoted."),
        Refusal.QueueChanged(var thread, var queue) => Conflict(
            $"The runs that wait on thread {thread} are [{string.Join(", ", queue)}]: run_ids must be these."),
        Refusal.KeyUsed(var key, var run) => Conflict(
            $"The Idempotency-Key '{key}' was used for run {run} with another body."),
        Refusal.ThreadUsedUp(var thread) => Conflict($"Thread {thread} was for one run, and is gone with it."),
        Refusal.NothingAsked(var thread) => Conflict(
            $"Thread {thread} waits for no answer: command.resume answers what a run has asked."),
        Refusal.UnknownGraph(var graph) => NotFound($"No graph named '{graph}' is registered"),
        Refusal.InvalidInput(var field, var expected) => Invalid((field, expected)),
        Refusal.ThreadElsewhere(var thread) => Unavailable(
            $"Thread {thread} is on its way from one member of the cluster to another; nothing was done") with
            {
                IsElsewhere = true,
            },
        Refusal.Overloaded(var thread) => Unavailable($"Too many requests wait for thread {thread}"),
        _ => throw new ArgumentException($"{refusal.GetType().Name} has no place on the wire.", nameof(refusal)),
    };
}

/// <summary>Ends a request with a problem.</summary>
/// <param name="problem">What the client gets.</param>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What the client gets.</summary>
    public Problem Problem { get; } = problem;
}
