using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorRuns.Journal;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorRuns.TestKit;

/// <summary>What the processes of one scenario write: it outlives each of them, as a database does.</summary>
internal sealed class ScenarioJournal(Timeline timeline) : IDisposable
{
    private static readonly ConcurrentDictionary<string, ScenarioJournal> Open = new(StringComparer.Ordinal);
    private static long _opened;

    private readonly string _name = Register();
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal); // Outlives what was deleted.
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>Completes when something more is recorded.</summary>
    public Task More => Volatile.Read(ref _more).Task;

    /// <summary>Makes the next writes fail.</summary>
    public void FailNext(int writes) => Interlocked.Exchange(ref _failures, writes);

    /// <summary>The configuration of a process on this journal.</summary>
    public Config Configure()
    {
        Open[_name] = this;
        return ConfigurationFactory.ParseString($$"""
            akka.persistence {
                journal.plugin = "scenario-journal"
                snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            }
            scenario-journal {
                class = "{{typeof(Plugin).AssemblyQualifiedName}}"
                scenario = "{{_name}}"
            }
            """);
    }

    public void Dispose() => Open.TryRemove(_name, out _);

    /// <summary>The facts of a thread, in order.</summary>
    public ImmutableArray<(long SequenceNr, ThreadEvent Fact)> FactsOf(ThreadId thread)
    {
        lock (_rows)
        {
            return
            [
                .. _rows.Where(row => row.Id == $"thread-{thread}").OrderBy(row => row.SequenceNr)
                    .Select(row => (row.SequenceNr, row.Fact)),
            ];
        }
    }

    /// <summary>Waits until a fact of a thread is recorded; one that is already will do.</summary>
    public async Task<ThreadEvent> AwaitAsync(
        ThreadId thread, Func<ThreadEvent, bool> which, CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more); // Taken first, so that nothing is missed.
            if (FactsOf(thread).Select(row => row.Fact).FirstOrDefault(which) is { } fact)
                return fact;
            await more.Task.WaitAsync(cancellationToken);
        }
    }

    private static string Register() => $"scenario-{Interlocked.Increment(ref _opened)}";

    private void Write(IReadOnlyList<Row> rows)
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
            throw new IOException("The scenario lets this write fail.");
        Interlocked.Exchange(ref _failures, 0);
        lock (_rows)
        {
            _rows.AddRange(rows);
            foreach (var row in rows)
            {
                _highest[row.Id] = row.SequenceNr;
                timeline.OnFact(row.Id, row.SequenceNr, row.Fact);
            }
        }

        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .TrySetResult();
    }

    private Row[] Read(string id, long from, long to)
    {
        lock (_rows)
            return [.. _rows.Where(row => row.Id == id && row.SequenceNr >= from && row.SequenceNr <= to)];
    }

    private long Highest(string id)
    {
        lock (_rows)
            return _highest.GetValueOrDefault(id);
    }

    private void Delete(string id, long to)
    {
        lock (_rows)
            _rows.RemoveAll(row => row.Id == id && row.SequenceNr <= to);
    }

    private sealed record Row(string Id, long SequenceNr, string Manifest, byte[] Bytes, ThreadEvent Fact);

    /// <summary>The journal of one process; it writes and reads bytes, as a real one.</summary>
    private sealed class Plugin(Config config) : AsyncWriteJournal
    {
        private readonly ScenarioJournal _journal = Open[config.GetString("scenario", string.Empty)];
        private readonly ThreadEventSerializer _serializer = new((ExtendedActorSystem)Context.System);

        public override Task ReplayMessagesAsync(
            IActorContext context,
            string persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            long max,
            Action<IPersistentRepresentation> recoveryCallback)
        {
            foreach (var row in _journal.Read(persistenceId, fromSequenceNr, toSequenceNr))
            {
                var fact = _serializer.FromBinary(row.Bytes, row.Manifest);
                recoveryCallback(new Persistent(fact, row.SequenceNr, persistenceId, row.Manifest));
            }

            return Task.CompletedTask;
        }

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
            Task.FromResult(_journal.Highest(persistenceId));

        protected override Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
        {
            _journal.Write(
            [
                .. from write in messages
                   from e in (IEnumerable<IPersistentRepresentation>)write.Payload
                   select RowOf(e),
            ]);
            return Task.FromResult<IImmutableList<Exception>?>(null);
        }

        protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
        {
            _journal.Delete(persistenceId, toSequenceNr);
            return Task.CompletedTask;
        }

        private Row RowOf(IPersistentRepresentation e) => new(
            e.PersistenceId,
            e.SequenceNr,
            _serializer.Manifest(e.Payload),
            _serializer.ToBinary(e.Payload),
            (ThreadEvent)e.Payload); // Nothing else is persisted.
    }
}
