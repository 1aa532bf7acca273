using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Store;

namespace Akka.Persistence.Sql.Journal;

/// <summary>
/// The journal in the tables of Akka.Persistence.Sql. Its turn only serializes; the writers of the database do the rest
/// and answer the actors themselves.
/// </summary>
public sealed class SqlWriteJournal : WriteJournalBase
{
    private readonly Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly SqlStores _stores = SqlStores.Get(Context.System);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly SqlStore _store;
#pragma warning disable RS0030 // It only has to differ between systems; nothing is decided by it.
    private readonly string _writerUuid = Guid.NewGuid().ToString("N");
#pragma warning restore RS0030

    /// <summary>Opens the database that the journal's section names.</summary>
    /// <exception cref="ConfigurationException">The section cannot be used.</exception>
    public SqlWriteJournal(Config config) => _store = _stores.Open(SqlOptions.Read(Self.Path.Name, config));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stores.Release(_store);
        base.PostStop();
    }

    internal override void Write(WriteBatch batch)
    {
        if (Plugin.Breaker.TryEnter() is { } open)
        {
            batch.Fail(open);
            return;
        }

        var rows = new List<EventRow>();
        Exception?[]? rejections = null;
        var index = 0;
        foreach (var write in batch.Writes)
        {
            if (TryAdd(write, rows) is { } rejection)
                (rejections ??= new Exception?[batch.WriteCount])[index] = rejection;
            index++;
        }

        var work = new PendingWrite(rows, batch, rejections, Plugin.Breaker);
        if (_store.TryAppend(batch.Owner.PersistenceId, work) is { } full)
            batch.Succeed([.. batch.Writes.Select(_ => full)]);
    }

    internal override Task<long> ReadHighestAsync(ReplayMessages request) =>
        _store.ReadAsync(request.PersistenceId, session => session.ReadHighestSequenceNr(request.PersistenceId));

    /// <summary>
    /// Reads page by page; after each the actor has to catch up, so that it never has more than a page to handle.
    /// </summary>
    internal override async Task ReplayAsync(ReplayMessages request, long to)
    {
        var range = new EventRange(request.PersistenceId, request.From, to, request.Max);
        while (true)
        {
            var page = range with { Max = Math.Min(range.Max, _store.Options.ReplayBatchSize) };
            var (count, last) = await _store.ReadAsync(
                range.PersistenceId, session => ReadPage(session, page, request));
            if (count < page.Max || count == range.Max)
                return;
            range = range with { From = last + 1, Max = range.Max - count };
            await request.WhenHandledAsync();
        }
    }

    internal override Task DeleteAsync(DeleteMessagesTo request) => _store.ChangeAsync(
        request.PersistenceId, session => session.DeleteEvents(request.PersistenceId, request.ToSequenceNr));

    /// <summary>Adds the rows of all events, or of none and returns why.</summary>
    private Exception? TryAdd(AtomicWrite write, List<EventRow> rows)
    {
        var count = rows.Count;
        try
        {
            foreach (var e in write.Events)
                rows.Add(ToRow(Plugin.Adapters.ToJournal(e)));
            return null;
        }
        catch (Exception e)
        {
            rows.RemoveRange(count, rows.Count - count);
            return e;
        }
    }

    private EventRow ToRow(IPersistentRepresentation e)
    {
        var (payload, tags) = e.Payload is Tagged tagged ? (tagged.Payload, tagged.Tags) : (e.Payload, []);
        var serializer = _serialization.FindSerializerFor(payload);
        return new EventRow(
            e.PersistenceId,
            e.SequenceNr,
            _time.GetUtcNow().UtcTicks,
            serializer.ToBinary(payload),
            Serialization.Serialization.ManifestFor(serializer, payload),
            serializer.Identifier,
            _writerUuid,
            tags);
    }

    private (int Count, long Last) ReadPage(SqlSession session, EventRange page, ReplayMessages request)
    {
        var (count, last) = (0, 0L);
        session.ReadEvents(page, row =>
        {
            (count, last) = (count + 1, row.SequenceNr);
            Plugin.Adapters.FromJournal(FromRow(row), request.Replay);
        });
        return (count, last);
    }

    private Persistent FromRow(in EventRow row)
    {
        try
        {
            var payload = _serialization.Deserialize(row.Message, row.SerializerId, row.Manifest);
            return new Persistent(payload, row.SequenceNr, row.PersistenceId, row.Manifest, WriterGuid: row.WriterUuid);
        }
        catch (Exception e)
        {
            throw new UnreadableEventException(row, e);
        }
    }

    /// <summary>A batch in the queue of its writer.</summary>
    private sealed class PendingWrite(
        IReadOnlyList<EventRow> rows, WriteBatch batch, Exception?[]? rejections, CircuitBreaker breaker)
        : AppendEvents(rows)
    {
        public override void Complete(Exception? failure)
        {
            // A refusal is about this batch; only where the database itself fails others need not try.
            if (failure is SqlStoreException)
                breaker.Failed();
            else
                breaker.Succeeded();

            if (failure is null)
                batch.Succeed(rejections);
            else
                batch.Fail(failure);
        }
    }
}
