using ActorRuns.Engine.Contract;
using Akka.Actor;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlJournalSpec(PostgreSqlServer server) : SqlJournalSpec(new PostgreSqlDatabase(server))
{
    [Fact]
    public void When_the_server_goes_away_writes_fail_with_a_clear_cause_and_all_is_well_when_it_is_back()
    {
        const string Breaker = "circuit-breaker { max-failures = 1, reset-timeout = 500ms }";
        var system = ActorSystem.Create("patient", QuietConfig(Database.Hocon(Breaker) + DomainSerializer.Hocon));
        try
        {
            var (a, b) = (NewLedger(system, "a"), NewLedger(system, "b"));
            Persist(a, 1);
            Persist(b, 1);

            server.Stop();
            try
            {
                a.Tell(1, TestActor);
                Assert.Contains("The PostgreSQL database", ExpectMsg<Failed>().Cause.Message);
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
        }
        finally
        {
            Shutdown(system, Patience, verifySystemShutdown: true);
        }
    }

    private static IActorRef NewLedger(ActorSystem system, string id) =>
        system.ActorOf(Props.Create(() => new Ledger(id, null)));
}
