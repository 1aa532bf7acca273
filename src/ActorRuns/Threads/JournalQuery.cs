using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Streams;

namespace ActorRuns.Threads;

/// <summary>What is wanted of a thread's past.</summary>
internal abstract record JournalQuery
{
    private JournalQuery() { }

    /// <summary>All revisions of the state.</summary>
    public sealed record History : JournalQuery;

    /// <summary>The stream of a run that ended long ago.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record Stream(RunId RunId) : JournalQuery;

    /// <summary>The events of all runs that have ended.</summary>
    /// <param name="After">The last one that is known.</param>
    public sealed record Past(FrameId After) : JournalQuery;

    /// <summary>One revision, for a message that is to go on from it.</summary>
    /// <param name="Id">The revision.</param>
    /// <param name="For">The message.</param>
    public sealed record Find(CheckpointId Id, IThreadMessage For) : JournalQuery;

    /// <summary>All revisions, for a new thread that begins with them.</summary>
    /// <param name="ThreadId">The new thread.</param>
    public sealed record Copy(ThreadId ThreadId) : JournalQuery;

    /// <summary>What the thread is now, for one that another member executes.</summary>
    /// <param name="Whole">True to read the journal from its beginning, whatever is saved beside it.</param>
    public sealed record Latest(bool Whole) : JournalQuery;

    /// <summary>Facts from the middle, for somebody else.</summary>
    /// <param name="After">The number of the last one that is known.</param>
    /// <param name="LastSequenceNr">The number of the thread's last fact.</param>
    public sealed record Page(long After, long LastSequenceNr) : JournalQuery;

    /// <summary>All facts as they are stored, for the thread itself.</summary>
    public sealed record Facts : JournalQuery;
}

/// <summary>Something that the journal holds, and its number there.</summary>
/// <param name="Fact">A fact, or what stands where one cannot be read.</param>
/// <param name="SequenceNr">The number.</param>
internal readonly record struct NumberedFact(object Fact, long SequenceNr);

/// <summary>The facts of a journal as they are stored.</summary>
/// <param name="Facts">The facts, in order.</param>
internal sealed record FactsRead(IReadOnlyList<NumberedFact> Facts);

/// <summary>The revision that a message wants to go on from was looked for.</summary>
/// <param name="For">The message.</param>
/// <param name="Checkpoint">The revision; null when the thread has none of that id.</param>
internal sealed record CheckpointFound(IThreadMessage For, Checkpoint? Checkpoint);

/// <summary>
/// A tool goes on although it was told to end. Sent by way of the region, since its thread may have left meanwhile.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Report">What is to be recorded.</param>
internal sealed record ToolWentOn(ThreadId ThreadId, ThreadCommand.RecordOverrun Report) : IThreadMessage;

/// <summary>Begins a thread as the copy of another one.</summary>
/// <param name="ThreadId">The new thread.</param>
/// <param name="Metadata">The other one's metadata.</param>
/// <param name="Revisions">The other one's revisions, oldest first.</param>
internal sealed record ImportThread(
    ThreadId ThreadId,
    ImmutableSortedDictionary<string, JsonElement> Metadata,
    ImmutableArray<ThreadEvent.StateUpdated> Revisions) : IThreadMessage
{
    /// <summary>What the other one waits for; null when it waits for nothing.</summary>
    public ThreadEvent.PositionCopied? Waits { get; init; }
}
