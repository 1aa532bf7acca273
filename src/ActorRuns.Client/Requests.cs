using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <summary>A thread to be made.</summary>
public sealed record NewThread
{
    /// <summary>Its id; null for one that the runtime chooses.</summary>
    public ThreadId? Id { get; init; }

    /// <summary>What it can be found by, a JSON object; undefined for nothing.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>True when a thread of that id that is there already is no fault; it stays as it is.</summary>
    public bool MayExist { get; init; }
}

/// <summary>Which threads are wanted.</summary>
public sealed record ThreadFilter
{
    /// <summary>What their metadata must contain, at any depth; undefined for anything.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>What they must be at; null for anything.</summary>
    public ThreadStatus? Status { get; init; }

    /// <summary>How many at most.</summary>
    /// <value>Default 10; from 1 to 1,000.</value>
    public int Limit { get; init; } = 10;

    /// <summary>How many matches are passed over.</summary>
    public int Offset { get; init; }
}

/// <summary>What is to be different of a run that waits for its turn; what is not set stays.</summary>
public sealed record RunChange
{
    /// <summary>Another input; it takes the place of a command.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Another command; it takes the place of an input.</summary>
    public JsonElement Command { get; init; }

    /// <summary>Other settings.</summary>
    public JsonElement Config { get; init; }

    /// <summary>Other values that nodes can read beside the state.</summary>
    public JsonElement Context { get; init; }

    /// <summary>Keys of its metadata to be set, an object.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>When it is due, from now; null for when it was.</summary>
    public TimeSpan? Delay { get; init; }
}

/// <summary>A change of a thread's state from outside of any run.</summary>
/// <param name="Values">What to write by channel, an object or a list of objects.</param>
public sealed record StateChange(JsonElement Values)
{
    /// <summary>The node that the state is to look as if it had just run; null for the one that ran last.</summary>
    public string? AsNode { get; init; }

    /// <summary>The older revision to go on from; null for where the thread stands.</summary>
    public CheckpointId? From { get; init; }
}

/// <summary>A run to be made.</summary>
/// <param name="Assistant">The assistant that is asked, by its id or its graph's name.</param>
public sealed record NewRun(string Assistant)
{
    /// <summary>The input; undefined or null to go on from the state as it is.</summary>
    public JsonElement Input { get; init; }

    /// <summary>
    /// What to do instead of taking an input (<c>resume</c>, <c>update</c>, <c>goto</c>); undefined for none.
    /// </summary>
    public JsonElement Command { get; init; }

    /// <summary>What it does to runs of the thread that have not ended; null for what the runtime is used to.</summary>
    public MultitaskStrategy? Strategy { get; init; }

    /// <summary>Settings of this run alone (<c>configurable</c>, <c>recursion_limit</c>); undefined for none.</summary>
    public JsonElement Config { get; init; }

    /// <summary>Values that nodes can read beside the state; undefined for none.</summary>
    public JsonElement Context { get; init; }

    /// <summary>What the run can be told by, a JSON object; undefined for nothing.</summary>
    public JsonElement Metadata { get; init; }

    /// <summary>What its stream tells.</summary>
    /// <value>Default <see cref="StreamModes.Values"/>.</value>
    public StreamModes StreamModes { get; init; } = StreamModes.Values;

    /// <summary>How long after its submission it is due; zero for at once.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True when a thread that is not there is made.</summary>
    public bool CreatesThread { get; init; }

    /// <summary>The older revision that it goes on from; null for where the thread stands.</summary>
    public CheckpointId? From { get; init; }

    /// <summary>
    /// Makes the run one when it is submitted twice under the same key: 1 to 255 characters; null for none. With a key,
    /// a submission whose answer was lost can be sent again.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>A run that brings what a human says.</summary>
    /// <param name="assistant">The assistant, by its id or its graph's name.</param>
    /// <param name="text">What the human says.</param>
    public static NewRun Say(string assistant, string text) => new(assistant)
    {
        Input = RequestJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("messages");
            writer.WriteStartObject();
            writer.WriteString("role", "human");
            writer.WriteString("content", text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }),
    };
}
