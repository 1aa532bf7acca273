using ActorRuns.Engine.Contract;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>What surrounds the actors: names in the configuration, the log, the event stream, the shutdown.</summary>
public sealed class SystemSpec : ContractTest
{
    [Theory]
    [InlineData("Akka.Event.DefaultLogger, Akka", typeof(DefaultLogger))]
    [InlineData("Akka.Event.DefaultLogger", typeof(DefaultLogger))]
    [InlineData("Akka.TestKit.TestScheduler, Akka.TestKit", typeof(Akka.TestKit.TestScheduler))]
    [InlineData("Akka.Actor.HashedWheelTimerScheduler, Akka", typeof(HeapScheduler))]
    [InlineData("System.Object", typeof(object))]
    [InlineData("System.String, System.Private.CoreLib", typeof(string))]
    public void Akka_NETs_names_in_a_configuration_find_the_types_here(string name, Type type) =>
        Assert.Equal(type, TypeNames.Find(name));

    [Theory]
    [InlineData(typeof(Echo))]
    [InlineData(typeof(List<Echo>))]
    [InlineData(typeof(int[]))]
    public void A_type_is_found_by_the_name_it_is_given(Type type) =>
        Assert.Equal(type, TypeNames.Find(TypeNames.Of(type)));

    [Theory]
    [InlineData("Nowhere.Nothing, Akka")]
    [InlineData("Nowhere.Nothing, No.Such.Assembly")]
    public void A_type_that_is_not_there_is_refused_with_the_key_that_names_it(string name)
    {
        var error = Assert.Throws<ConfigurationException>(() => ActorSystem.Create(
            "sys", QuietConfig($"akka.scheduler.implementation = \"{name}\"")));

        Assert.Contains("akka.scheduler.implementation", error.Message);
        Assert.Contains(name, error.Message);
    }

    [Fact]
    public void A_subscriber_that_stops_is_no_subscriber_any_more()
    {
        var actor = Sys.ActorOf(Props.Create<Echo>());
        Sys.EventStream.Subscribe(actor, typeof(string));
        StopAndWait(actor);

        AwaitAssert(() => Assert.False(Sys.EventStream.Unsubscribe(actor)));
    }

    [Fact]
    public void A_dead_letter_to_a_dead_subscriber_ends_there()
    {
        var actor = Sys.ActorOf(Props.Create<Echo>());
        StopAndWait(actor);
        var system = (ActorSystemImpl)Sys;

        system.DeadLetters.Tell(new DeadLetter(new DeadLetter("x", actor, actor), actor, actor));
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));
        system.DeadLetters.Tell(new DeadLetter(new DeadLetter("x", actor, actor), actor, actor));

        ExpectNoMsg(Moment);
    }

    [Fact]
    public void A_pattern_selects_all_that_fit()
    {
        foreach (var name in new[] { "run-1", "run-2", "other" })
            Sys.ActorOf(Props.Create<Echo>(), name);

        Sys.ActorSelection("/user/run-*").Tell("hello", TestActor);

        ExpectMsg("hello");
        ExpectMsg("hello");
        ExpectNoMsg(Moment);
    }

    [Fact]
    public void A_log_format_that_does_not_fit_its_arguments_is_still_logged() => Assert.Equal(
        "run {RunId} ended [42]", DefaultLogMessageFormatter.Instance.Format("run {RunId} ended", 42));

    [Fact]
    public void A_logger_sees_the_format_and_the_arguments_apart()
    {
        using var kit = new Loud();
        kit.Sys.EventStream.Subscribe(kit.TestActor, typeof(Info));

        Logging.GetLogger(kit.Sys, "source").Info("run {0} of {1}", "a", 2);

        var message = Assert.IsAssignableFrom<LogMessage>(
            kit.FishForMessage<Info>(entry => entry.LogSource.StartsWith("source", StringComparison.Ordinal)).Message);
        Assert.Equal("run {0} of {1}", message.Format);
        Assert.Equal(["a", 2], message.Parameters());
    }

    private sealed class Loud() : Akka.TestKit.Xunit2.TestKit("akka { loglevel = INFO, loggers = [] }\nakka.stdout-loglevel = OFF");

    [Theory]
    [InlineData("on", 5, 5)]
    [InlineData("off", 5, 0)]
    [InlineData("3", 5, 3)]
    public async Task Dead_letters_are_logged_as_often_as_configured(string setting, int letters, int logged)
    {
        using var system = ActorSystem.Create("sys", ConfigurationFactory.ParseString(
            $"akka {{ log-dead-letters = {setting}, loggers = [], stdout-loglevel = OFF, loglevel = INFO }}"));
        var probe = CreateTestProbe(system);
        system.EventStream.Subscribe(probe.Ref, typeof(Info));

        for (var letter = 0; letter < letters; letter++)
            system.DeadLetters.Tell(letter, ActorRefs.NoSender);
        system.EventStream.Publish(new Info("end", typeof(SystemSpec), "end"));

        var entries = new List<Info>();
        while (probe.ExpectMsg<Info>() is { LogSource: not "end" } entry)
            entries.Add(entry);
        Assert.Equal(logged, entries.Count);
        await system.Terminate();
    }

    private sealed record Shape(string Name, object Size, IReadOnlyList<Shape> Parts);

    [Fact]
    public void The_default_serializer_keeps_what_hides_behind_object()
    {
        var shape = new Shape("box", new Version(1, 2), [new Shape("side", 3, [])]);
        var serializer = Sys.Serialization.FindSerializerFor(shape);

        var back = Assert.IsType<Shape>(Sys.Serialization.Deserialize(
            serializer.ToBinary(shape), serializer.Identifier, ""));

        Assert.Equal(new Version(1, 2), back.Size);
        Assert.Equal(3, Assert.Single(back.Parts).Size);
    }

    [Fact]
    public void Bytes_are_stored_as_they_are()
    {
        var serializer = Sys.Serialization.FindSerializerForType(typeof(byte[]));

        Assert.Equal([1, 2, 3], serializer.ToBinary(new byte[] { 1, 2, 3 }));
        Assert.Equal(4, serializer.Identifier);
    }

    [Fact]
    public async Task Phases_of_ones_own_run_where_they_depend()
    {
        var ran = new List<string>();
        using var system = ActorSystem.Create("sys", QuietConfig("""
            akka.coordinated-shutdown.phases {
                drain { depends-on = [service-unbind] }
                service-requests-done { depends-on = [drain] }
            }
            """));
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[] { "service-requests-done", "drain", "service-unbind" })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                ran.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);

        Assert.Equal(["service-unbind", "drain", "service-requests-done"], ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public void Phases_that_depend_on_each_other_are_refused()
    {
        using var system = ActorSystem.Create("sys", QuietConfig("""
            akka.coordinated-shutdown.phases {
                a { depends-on = [b] }
                b { depends-on = [a] }
            }
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            """));

        Assert.Throws<ConfigurationException>(() => CoordinatedShutdown.Get(system));
    }
}
