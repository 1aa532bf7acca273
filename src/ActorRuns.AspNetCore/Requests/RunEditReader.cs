using ActorRuns.AspNetCore.Problems;
using ActorRuns.Assistants;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads what is to be different about a run that waits for its turn.</summary>
internal static class RunEditReader
{
    // What was decided when the run was accepted, or who executes it, cannot be another afterwards.
    private static readonly string[] Fixed =
    [
        "assistant_id", "multitask_strategy", "checkpoint", "checkpoint_id", "stream_resumable", "stream_subgraphs",
        "webhook",
    ];

    /// <summary>Reads an edit.</summary>
    /// <param name="context">The request.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="known">What is asked of the run so far.</param>
    /// <exception cref="ProblemException">The body is wrong, or the run's assistant is gone.</exception>
    public static async Task<RunEdit> ReadAsync(
        HttpContext context, ActorRunsRuntime runtime, ThreadId thread, RunRequest known)
    {
        var body = await BodyReader.ReadAsync(context);
        foreach (var field in Fixed.Where(body.Has))
            body.Fault(field, "nothing: it stays what it was when the run was created");
        var parts = RunCreate.ReadParts(body, known with { Metadata = RunRequest.NoMetadata, Command = null });
        var delay = body.Seconds("after_seconds", RunCreate.LongestDelay);
        body.ThrowIfFaulty();

        var edit = new RunEdit
        {
            Input = body.Has("input") || body.IsNull("input") ? body.ValueOrNull("input") : null,
            Command = body.Has("command") ? parts.Command : null,
            Metadata = parts.Metadata,
            StreamModes = body.Has("stream_mode") ? parts.StreamModes : null,
            InterruptBefore = body.Has("interrupt_before") ? parts.InterruptBefore : null,
            InterruptAfter = body.Has("interrupt_after") ? parts.InterruptAfter : null,
            FeedbackKeys = body.Has("feedback_keys") ? parts.FeedbackKeys : null,
            Delay = body.Has("after_seconds") ? delay : null,
        };
        if (!body.Has("config") && !body.Has("context"))
            return edit;

        // As when it was created: what is asked lies over what the assistant says.
        var assistant = await RunCreate.FindAssistantAsync($"{known.AssistantId}", context, runtime);
        var complete = assistant.Complete(parts, thread, RunConfig.SenderOf(context.Request.Headers));
        return edit with
        {
            Config = body.Has("config") ? complete.Config : null,
            Context = body.Has("context") ? complete.Context : null,
        };
    }
}
