using ActorRuns.Engine.Contract;
using Akka.Actor;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

public sealed class SqliteJournalSpec() : SqlJournalSpec(new SqliteDatabase())
{
    [Fact]
    public void A_file_that_another_process_keeps_locked_fails_the_write_when_the_time_is_up()
    {
        const string Impatient = "circuit-breaker.call-timeout = 200ms";
        var system = ActorSystem.Create("impatient", QuietConfig(Database.Hocon(Impatient) + DomainSerializer.Hocon));
        try
        {
            var ledger = system.ActorOf(Props.Create(() => new Ledger("a", null, null)));
            Persist(ledger, 1);

            using (Database.HoldWrites())
            {
                ledger.Tell(2, TestActor);
                Assert.Contains("is locked by another process", ExpectMsg<Failed>().Cause.Message);
            }
        }
        finally
        {
            Shutdown(system, Patience, verifySystemShutdown: true);
        }
    }

    [Fact]
    public void On_a_read_only_file_actors_recover_but_cannot_persist()
    {
        Persist(NewLedger("a"), 2);
        var readOnly = ((SqliteDatabase)Database).ReadOnlyConnectionString;
        var hocon = Database.Hocon().Replace(Database.ConnectionString, readOnly) + DomainSerializer.Hocon;
        var system = ActorSystem.Create("reading", QuietConfig(hocon));
        try
        {
            var ledger = system.ActorOf(Props.Create(() => new Ledger("a", null, null)));
            ledger.Tell("story", TestActor);
            Assert.Equal(["1", "2"], ExpectMsg<string[]>());

            ledger.Tell(3, TestActor);

            Assert.Contains("is read-only", ExpectMsg<Failed>().Cause.Message);
        }
        finally
        {
            Shutdown(system, Patience, verifySystemShutdown: true);
        }
    }
}
