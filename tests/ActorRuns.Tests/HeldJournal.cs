using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorRuns.Tests;

/// <summary>
/// A journal in memory that holds every write until the test lets it pass or fail: it publishes a
/// <see cref="HeldWrite"/> on the event stream and waits.
/// </summary>
public sealed class HeldJournal : AsyncWriteJournal
{
    private readonly List<IPersistentRepresentation> _events = [];
    private readonly EventStream _announcements = Context.System.EventStream;

    public static string Hocon { get; } = $$"""
        akka.persistence.journal {
            plugin = "held"
        }
        held {
            class = "{{typeof(HeldJournal).AssemblyQualifiedName}}"
            plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """;

    public override Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var e in Of(persistenceId).Where(e => e.SequenceNr >= fromSequenceNr && e.SequenceNr <= toSequenceNr))
            recoveryCallback(e);
        return Task.CompletedTask;
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(Of(persistenceId).Select(e => e.SequenceNr).DefaultIfEmpty(0).Max());

    protected override async Task<System.Collections.Immutable.IImmutableList<Exception>?> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages)
    {
        var writes = messages.ToList();
        var held = new HeldWrite();
        _announcements.Publish(held);
        await held.Verdict;
        lock (_events)
            _events.AddRange(writes.SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload));
        return null;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
        throw new IOException("disk full");

    private List<IPersistentRepresentation> Of(string persistenceId)
    {
        lock (_events)
            return [.. _events.Where(e => e.PersistenceId == persistenceId)];
    }
}

/// <summary>A write that waits for the test.</summary>
public sealed class HeldWrite
{
    private readonly TaskCompletionSource _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Verdict => _verdict.Task;

    public void Pass() => _verdict.TrySetResult();

    public void Fail() => _verdict.TrySetException(new IOException("disk full"));
}
