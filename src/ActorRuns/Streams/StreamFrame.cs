using ActorRuns.Runs;

namespace ActorRuns.Streams;

/// <summary>One thing that a run's stream tells.</summary>
/// <param name="Id">Its place in the stream.</param>
/// <param name="Mode">The mode that asks for it; none for what every reader gets.</param>
/// <param name="Event">The event's name on the wire.</param>
/// <param name="Data">The event's JSON, on one line.</param>
public sealed record StreamFrame(FrameId Id, StreamModes Mode, string Event, ReadOnlyMemory<byte> Data)
{
    /// <summary>True for what is not recorded: tokens, and what nodes write to the stream themselves.</summary>
    public bool IsVolatile { get; init; }
}

/// <summary>The stream of one run, for any number of readers.</summary>
public interface IRunStream
{
    /// <summary>Completes when the run has ended and its last frame is out.</summary>
    Task<RunOutcome> Outcome { get; }

    /// <summary>
    /// Reads the frames after one, first those that are past and then those to come. Ends when the run has ended.
    /// </summary>
    /// <param name="after">The last frame that the reader has seen; <see cref="FrameId.Origin"/> for none.</param>
    /// <param name="cancellationToken">Ends the reading; the run is not affected.</param>
    IAsyncEnumerable<StreamFrame> ReadAsync(FrameId after, CancellationToken cancellationToken);
}
