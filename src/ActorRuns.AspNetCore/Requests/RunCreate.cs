using ActorRuns.AspNetCore.Cluster;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Assistants;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>What becomes of a run when its reader hangs up.</summary>
internal enum OnDisconnect
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>It is cancelled.</summary>
    Cancel,
}

/// <summary>What becomes of the thread of a stateless run when the run has ended.</summary>
internal enum OnCompletion
{
    /// <summary>It is deleted.</summary>
    Delete,

    /// <summary>It stays, and can be talked to.</summary>
    Keep,

    /// <summary>The same as <see cref="Delete"/>, as the SDKs call it.</summary>
    Complete,

    /// <summary>The same as <see cref="Keep"/>, as the SDKs call it.</summary>
    Continue,
}

/// <summary>When what a run does is to be durable. Here it always is before the next step; all names are taken.</summary>
internal enum Durability
{
    /// <summary>Before the next step.</summary>
    Sync,

    /// <summary>While the next step is at work.</summary>
    Async,

    /// <summary>With the end of the run.</summary>
    Exit,
}

/// <summary>What becomes of a run on a thread that is not there.</summary>
internal enum IfNotExists
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>The thread is made.</summary>
    Create,
}

/// <summary>A request to create a run, read and checked.</summary>
/// <param name="Submit">What the thread is told.</param>
/// <param name="OnDisconnect">What becomes of it when its reader hangs up.</param>
internal sealed record RunCreate(SubmitRun Submit, OnDisconnect OnDisconnect)
{
    /// <summary>The longest time that a run may be put off.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromDays(366);

    private const string IdempotencyKey = "Idempotency-Key";
    private const int LongestKey = 255;

    private const int LongestWebhook = 2_000;

    /// <summary>Reads a request for a run on a thread.</summary>
    /// <exception cref="ProblemException">The body is wrong, or names an assistant that is not there.</exception>
    public static Task<RunCreate> ReadAsync(
        BodyReader body, HttpContext context, ActorRunsRuntime runtime, ThreadId thread) =>
        ReadAsync(body, context, runtime, thread, request => request with { Idempotency = ReadKey(body, context) });

    /// <summary>Reads a request for a run on a thread of its own, which is deleted with its end unless it is kept.</summary>
    /// <param name="body">The body.</param>
    /// <param name="context">The request.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="newId">The id of the run; null to make one whose thread is this member's.</param>
    /// <exception cref="ProblemException">The body is wrong, or names an assistant that is not there.</exception>
    public static async Task<RunCreate> ReadStatelessAsync(
        BodyReader body, HttpContext context, ActorRunsRuntime runtime, Guid? newId)
    {
        if (context.Request.Headers.ContainsKey(IdempotencyKey))
            body.Fault(IdempotencyKey, "a run on a thread: a key is one in its thread, and this run has a new one");
        var kept = body.Name("on_completion", OnCompletion.Delete) is OnCompletion.Keep or OnCompletion.Continue;
        var run = newId is { } id ? new RunId(id) : ClusterIds.NewStatelessRun(runtime);
        var create = await ReadAsync(body, context, runtime, RuntimeIds.StatelessThread(run), request =>
            request with { RunId = run, IsStateless = !kept });
        return create with { Submit = create.Submit with { CreatesThread = true } };
    }

    private static async Task<RunCreate> ReadAsync(
        BodyReader body,
        HttpContext context,
        ActorRunsRuntime runtime,
        ThreadId thread,
        Func<RunRequest, RunRequest> refine)
    {
        var assistantName = body.RequiredText("assistant_id");
        var ifNotExists = body.Name("if_not_exists", IfNotExists.Reject);
        body.Name("durability", Durability.Sync);
        body.Flag("checkpoint_during");
        var onDisconnect = body.Name("on_disconnect", OnDisconnect.Continue);
        var blank = new RunRequest
        {
            RunId = ClusterHeaders.NewIdOf(context) is { } id ? new RunId(id) : runtime.Ids.NewRunId(),
            AssistantId = default,
            GraphId = default,
            Strategy = runtime.Options.Strategy,
            StrategyFrom = StrategySource.Server,
        };
        var asked = ReadParts(body, blank) with { Delay = body.Seconds("after_seconds", LongestDelay) };
        var from = CheckpointReader.FromRun(body);
        if (new RunSettings(asked.Config).GetString(RunSettings.RefinementKey)
            is RunSettings.Steer or RunSettings.SteerNow)
            CheckSteering(body, asked, from);
        else if (new RunSettings(asked.Config).GetString(RunSettings.RefinementKey) is RunSettings.AfterTools
            && asked is { StrategyFrom: StrategySource.Run, Strategy: not MultitaskStrategy.Interrupt })
            body.Fault("multitask_strategy", "interrupt, which after-tools refines");
        asked = refine(asked);
        var ifStatus = body.Names<ThreadStatus>("if_thread_status");
        body.ThrowIfFaulty();

        var assistant = await FindAssistantAsync(assistantName, context, runtime);
        var sender = RunConfig.SenderOf(context.Request.Headers);
        var request = assistant.Complete(asked, thread, sender);
        var submit = new SubmitRun(thread, request, assistant.Metadata, ifNotExists is IfNotExists.Create);
        return new RunCreate(submit with { From = from, IfStatus = ifStatus }, onDisconnect);
    }

    private static void CheckSteering(BodyReader body, RunRequest asked, CheckpointId? from)
    {
        if (asked is { StrategyFrom: StrategySource.Run, Strategy: not MultitaskStrategy.Enqueue })
            body.Fault("multitask_strategy", "enqueue, which steer refines");
        if (!asked.HasInput)
            body.Fault("input", "a message to steer with");
        if (from is not null)
            body.Fault("checkpoint", "nothing: who steers goes on from where the run at work is");
    }

    /// <summary>What makes the request one run when it is sent twice, if its sender has a name for it.</summary>
    private static Idempotency? ReadKey(BodyReader body, HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(IdempotencyKey, out var header))
            return null;

        var key = $"{header}";
        if (key.Length is 0 or > LongestKey)
            body.Fault(IdempotencyKey, $"1 to {LongestKey} characters");
        return new Idempotency(key, body.Fingerprint);
    }

    /// <summary>The assistant that a body names.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static async Task<Assistant> FindAssistantAsync(string name, HttpContext context, ActorRunsRuntime runtime) =>
        await runtime.Assistants.FindAsync(name, context.RequestAborted)
            ?? throw new ProblemException(Problem.NotFound(
                $"No assistant found for \"{name}\". "
                + "Make sure the assistant ID is for a valid assistant or a valid graph ID."));

    /// <summary>Reads what is asked of a run; what is absent or null is as it was.</summary>
    /// <param name="body">The body.</param>
    /// <param name="known">What was asked before.</param>
    public static RunRequest ReadParts(BodyReader body, RunRequest known)
    {
        body.CheckMessages("input", body.Value("input"));
        var modes = StreamModeReader.Read(body.Texts("stream_mode"));
        if (modes is null)
            body.Fault("stream_mode", StreamModeReader.Expected);
        return known with
        {
            Strategy = body.Name("multitask_strategy", known.Strategy),
            StrategyFrom = body.Has("multitask_strategy") ? StrategySource.Run : known.StrategyFrom,
            Input = body.Has("input") ? body.Value("input") : known.Input,
            Command = CommandReader.Read(body, body.Object("command")) ?? known.Command,
            Config = body.Has("config") ? RunConfig.Read(body) : known.Config,
            Context = body.Has("context") ? body.Value("context") : known.Context,
            Metadata = known.Metadata.SetItems(body.Metadata()),
            StreamModes = modes is null or StreamModes.None ? known.StreamModes : modes.Value,
            StreamSubgraphs = body.Flag("stream_subgraphs", known.StreamSubgraphs),
            StreamResumable = body.Flag("stream_resumable", known.StreamResumable),
            InterruptBefore = body.Has("interrupt_before") ? body.Texts("interrupt_before") : known.InterruptBefore,
            InterruptAfter = body.Has("interrupt_after") ? body.Texts("interrupt_after") : known.InterruptAfter,
            Webhook = ReadWebhook(body) ?? known.Webhook,
            FeedbackKeys = body.Has("feedback_keys") ? body.Texts("feedback_keys") : known.FeedbackKeys,
        };
    }

    private static Uri? ReadWebhook(BodyReader body)
    {
        if (body.Text("webhook") is not { } text)
            return null;
        if (text.Length <= LongestWebhook
            && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.UserInfo.Length is 0)
        {
            return address;
        }

        body.Fault("webhook", $"an http or https address without a user, of at most {LongestWebhook} characters");
        return null;
    }
}
