using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What is told when the journal fails.</summary>
public sealed class FullDiskSpec() : ApiTest($$"""
    akka.persistence.journal.plugin = "full"
    full {
        class = "{{typeof(FullJournal).AssemblyQualifiedName}}"
        plugin-dispatcher = "akka.actor.default-dispatcher"
    }
    """)
{
    [Fact]
    public async Task What_the_journal_did_not_take_is_refused_and_may_be_tried_again()
    {
        var answer = await PostAsync("/threads");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.StartsWith("The journal did not confirm it", answer.Text("detail"), StringComparison.Ordinal);
    }

    /// <summary>An empty journal on a disk that is full.</summary>
    public sealed class FullJournal : AsyncWriteJournal
    {
        public override Task ReplayMessagesAsync(
            IActorContext context,
            string persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            long max,
            Action<IPersistentRepresentation> recoveryCallback) => Task.CompletedTask;

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
            Task.FromResult(0L);

        protected override Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
            Task.FromException<IImmutableList<Exception>?>(new IOException("disk full"));

        protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) => Task.CompletedTask;
    }
}
