using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Event;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlJournalSpec(PostgreSqlServer server) : SqlJournalSpec(new PostgreSqlDatabase(server))
{
    [Fact]
    public void When_the_server_goes_away_what_is_under_way_fails_with_a_clear_cause_and_all_is_well_when_it_is_back()
    {
        const string Breaker = "circuit-breaker { max-failures = 1, reset-timeout = 500ms }";
        var hocon = $"{Database.Hocon(Breaker)}{DomainSerializer.Hocon}\nakka {{ loglevel = ERROR, loggers = [] }}";
        var system = ActorSystem.Create("patient", QuietConfig(hocon));
        try
        {
            var (a, b, log) = (NewLedger(system, "a"), NewLedger(system, "b"), CreateTestProbe(system));
            Persist(a, 1);
            Persist(b, 1);
            system.EventStream.Subscribe(log.Ref, typeof(Error));

            using (Database.HoldWrites())
            {
                a.Tell(1, TestActor);
                AwaitAssert(() => Assert.NotEmpty(Database.Query("select pid from pg_locks where not granted")));
                server.Stop();
            }

            try
            {
                // Some backends still say goodbye, others are gone before they can.
                Assert.Matches(
                    $"at 127.0.0.1:{server.Port} (is out of reach|was shut down)", ExpectMsg<Failed>().Cause.Message);
                Assert.Contains("1 writes failed. The PostgreSQL database 'engine_", $"{log.ExpectMsg<Error>()}");
                b.Tell(1, TestActor);
                Assert.Contains("failed 1 times in a row", ExpectMsg<Failed>().Cause.Message);
            }
            finally
            {
                server.Start();
            }

            AwaitAssert(() =>
            {
                NewLedger(system, "a").Tell(1, TestActor);
                ExpectMsg("persisted 2", TimeSpan.FromSeconds(1));
            });
            Assert.Equal(["a 1", "a 2", "b 1"], Database.Query(
                "select persistence_id, sequence_number from journal order by persistence_id, sequence_number"));
        }
        finally
        {
            Shutdown(system, Patience, verifySystemShutdown: true);
        }
    }

    [Fact]
    public void A_server_that_is_not_there_is_named_with_its_address()
    {
        using var system = ActorSystem.Create("lost", QuietConfig(Database.Hocon() + DomainSerializer.Hocon));
        server.Stop();
        try
        {
            var witness = CreateTestProbe();

            system.ActorOf(Props.Create(() => new Ledger("a", witness.Ref, null)));

            Assert.Contains(
                $"at 127.0.0.1:{server.Port} is out of reach.", witness.ExpectMsg<NotRecovered>().Reason.Message);
        }
        finally
        {
            server.Start();
        }
    }

    private static IActorRef NewLedger(ActorSystem system, string id) =>
        system.ActorOf(Props.Create(() => new Ledger(id, null, null)));
}
