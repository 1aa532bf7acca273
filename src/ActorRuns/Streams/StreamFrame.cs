using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;

namespace ActorRuns.Streams;

/// <summary>One thing that a run's stream tells.</summary>
public sealed class StreamFrame
{
    // Who writes the JSON, until the first reader comes, and then the JSON: most runs have no reader, and those that
    // have many share what is written once.
    private object _data;

    /// <summary>A frame whose data is written when it is first read.</summary>
    /// <param name="id">Its place in the stream.</param>
    /// <param name="mode">The mode that asks for it; none for what every reader gets.</param>
    /// <param name="event">The event's name on the wire.</param>
    /// <param name="write">Writes the event's JSON: the same whenever and however often it is called.</param>
    public StreamFrame(FrameId id, StreamModes mode, string @event, Action<Utf8JsonWriter> write)
    {
        Id = id;
        Mode = mode;
        Event = @event;
        _data = write;
    }

    /// <summary>Its place in the stream.</summary>
    public FrameId Id { get; }

    /// <summary>The mode that asks for it; none for what every reader gets.</summary>
    public StreamModes Mode { get; }

    /// <summary>The event's name on the wire.</summary>
    public string Event { get; }

    /// <summary>The event's JSON, on one line.</summary>
    public ReadOnlyMemory<byte> Data
    {
        get
        {
            var data = Volatile.Read(ref _data);
            if (data is not byte[] json)
            {
                json = StateJson.Write((Action<Utf8JsonWriter>)data);
                Volatile.Write(ref _data, json); // Two readers at once write the same.
            }

            return json;
        }
    }

    /// <summary>True for what is not recorded: tokens, and what nodes write to the stream themselves.</summary>
    public bool IsVolatile { get; init; }
}

/// <summary>The stream of one run, for any number of readers.</summary>
public interface IRunStream
{
    /// <summary>Completes when the run has ended and its last frame is out.</summary>
    Task<RunOutcome> Outcome { get; }

    /// <summary>
    /// Tells those who follow the whole thread that the run has ended; null before that, and when its thread is gone.
    /// </summary>
    StreamFrame? End { get; }

    /// <summary>
    /// Reads the frames after one, first those that are past and then those to come. Ends when the run has ended.
    /// </summary>
    /// <param name="after">The last frame that the reader has seen; <see cref="FrameId.Origin"/> for none.</param>
    /// <param name="cancellationToken">Ends the reading; the run is not affected.</param>
    IAsyncEnumerable<StreamFrame> ReadAsync(FrameId after, CancellationToken cancellationToken);
}
