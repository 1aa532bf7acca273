using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Domain.Tests.Scenes;

/// <summary>
/// Threads in few characters, so that a test reads like the table it states. Messages: <c>H1</c> what a human said to
/// run 1, <c>A</c> an answer, <c>A~</c> a part of one, <c>A*</c> a tool call, <c>A**</c> two, <c>T</c> a tool's result,
/// <c>T!</c> its failure, <c>T-</c> the result of a call that never ran, <c>T?</c> of one whose effects are unknown.
/// </summary>
internal static class Notation
{
    public static RunId Run(int number) => new(new Guid(number, 0, 0, new byte[8]));

    public static int NumberOf(RunId run) => BitConverter.ToInt32(run.Value.ToByteArray());

    public static string Write(ChannelValues values) =>
        string.Join(' ', values.MessagesOf(TestGraphs.Messages).Messages.Select(Write));

    public static string Write(Message message) => message.Type switch
    {
        MessageType.Human => $"H{message.Text}",
        MessageType.Tool => WriteResult(message),
        MessageType.Ai when !message.ToolCalls.IsEmpty => "A" + new string('*', message.ToolCalls.Length),
        MessageType.Ai when IsPartial(message) => "A~",
        MessageType.Ai => "A",
        var other => other,
    };

    /// <summary>What became of a run: its status, and its cause when it has one.</summary>
    public static string Write(RunLedger? run) => run switch
    {
        null => "gone",
        { Cause: RunCause.Superseded(var by) } => $"{Lower(run.Status)} by {NumberOf(by)}",
        { Cause: RunCause.Joined(var into) } => $"{Lower(run.Status)}, joined {NumberOf(into)}",
        { Cause: RunCause.Cancelled } => $"{Lower(run.Status)}, cancelled",
        { Cause: RunCause.AskedHuman } => $"{Lower(run.Status)}, asked",
        { Cause: RunCause.WorkerLost } => $"{Lower(run.Status)}, worker lost",
        { Cause: RunCause.TimedOut } => "timeout, timed out",
        { Cause: RunCause.Finished or RunCause.Failed or null } => Lower(run.Status),
        _ => throw new ArgumentOutOfRangeException(nameof(run), run.Cause, "No word for this cause."),
    };

    public static string Lower(Enum value) => value.ToString().ToLowerInvariant();

    private static string WriteResult(Message result) => result switch
    {
        { Status: not ToolStatus.Error } => "T",
        _ when result.Text.StartsWith("Not run", StringComparison.Ordinal) => "T-",
        _ when result.Text.StartsWith("Interrupted", StringComparison.Ordinal) => "T?",
        _ => "T!",
    };

    private static bool IsPartial(Message message) =>
        message.Extra.TryGetValue("response_metadata", out var metadata)
        && metadata.ValueKind is JsonValueKind.Object
        && metadata.TryGetProperty("finish_reason", out var reason)
        && reason.ValueEquals("interrupted");
}
