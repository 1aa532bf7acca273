using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>Keeps events in memory as long as its system lives.</summary>
public sealed class MemoryJournal : AsyncWriteJournal
{
    private readonly Dictionary<string, Stream> _streams = [];

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var e in StreamOf(persistenceId).Events)
        {
            if (e.SequenceNr < fromSequenceNr)
                continue;
            if (e.SequenceNr > toSequenceNr || max-- <= 0)
                break;
            recoveryCallback(e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(StreamOf(persistenceId).Highest);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            var stream = StreamOf(write.PersistenceId);
            stream.Events.AddRange(write.Events);
            stream.Highest = Math.Max(stream.Highest, write.HighestSequenceNr);
        }

        return Task.FromResult<IImmutableList<Exception>?>(null);
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        StreamOf(persistenceId).Events.RemoveAll(e => e.SequenceNr <= toSequenceNr);
        return Task.CompletedTask;
    }

    private Stream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream))
            _streams.Add(persistenceId, stream = new Stream());
        return stream;
    }

    private sealed class Stream
    {
        public List<IPersistentRepresentation> Events { get; } = [];

        public long Highest { get; set; }
    }
}
