using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit;
using Xunit;
using Xunit.Sdk;

namespace ActorRuns.Engine.Tests.TestKit;

/// <summary>The test kit where the engine contract is silent: what failures say, and whose sender is whose.</summary>
public sealed class TestKitSpec() : Akka.TestKit.Xunit2.TestKit("akka { loglevel = INFO, test.filter-leeway = 100ms }")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void A_failure_names_the_test_actor_the_expectation_and_what_came()
    {
        TestActor.Tell("seen");

        var failure = Assert.Throws<XunitException>(() => ExpectMsg("wanted", hint: "the greeting"));

        Assert.Equal(
            $"{TestActor.Path}: expected <wanted>, got <seen> of type System.String from {TestActor} (the greeting)",
            failure.Message);
    }

    [Fact]
    public void A_failure_to_receive_enough_lists_what_there_was()
    {
        TestActor.Tell("one");
        TestActor.Tell("two");

        var failure = Assert.Throws<XunitException>(() => ReceiveN(3, Short));

        Assert.EndsWith("expected 3 messages within 00:00:00.0500000, got 2: <one>, <two>", failure.Message);
    }

    [Fact]
    public void A_failed_event_filter_lists_the_other_entries()
    {
        var failure = Assert.Throws<XunitException>(
            () => EventFilter.Warning(start: "care").ExpectOne(() => Sys.Log.Error("broken")));

        Assert.EndsWith(
            "expected 1 log entries (Warning, beginning 'care'), got 0; others: Error <broken>", failure.Message);
    }

    [Fact]
    public void An_event_filter_fails_when_there_are_too_many()
    {
        void LogTwice()
        {
            Sys.Log.Warning("careful");
            Sys.Log.Warning("careful");
        }

        Assert.Throws<XunitException>(() => EventFilter.Warning("careful").ExpectOne(LogTwice));
    }

    [Fact]
    public void An_event_filter_can_go_by_the_source()
    {
        var actor = Sys.ActorOf(Doing(context => context.GetLogger().Info("here")), "loud");

        EventFilter.Info("here", source: "/user/loud").ExpectOne(() => actor.Tell("go"));
        Assert.Throws<XunitException>(
            () => EventFilter.Info("here", source: "/user/other").ExpectOne(Short, () => actor.Tell("go")));
    }

    [Fact]
    public void Multiplicity_counts_in_ExpectMsgAllOf()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");

        Assert.Throws<XunitException>(() => ExpectMsgAllOf("a", "a"));
    }

    [Fact]
    public async Task Sequences_can_be_awaited()
    {
        foreach (var number in Enumerable.Range(1, 6))
            TestActor.Tell(number);

        Assert.Equal([1, 2], await ToListAsync(ReceiveNAsync(2)));
        Assert.Equal([3, 4], await ToListAsync(ReceiveWhileAsync(Short, message => message is < 5 ? message : null!)));
        Assert.Equal([5, 6], await ToListAsync(ExpectMsgAllOfAsync([6, 5])));
    }

    [Fact]
    public void A_block_within_may_end_with_silence_that_takes_all_its_time() =>
        Within(Short, () => ExpectNoMsg());

    [Fact]
    public void A_block_may_have_to_take_some_time() =>
        Assert.Throws<XunitException>(() => Within(Short, TimeSpan.FromSeconds(3), () => { }));

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = ExpectMsgAsync<string>(cancellationToken: cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task The_implicit_sender_needs_no_synchronization_context()
    {
        await Task.Yield();
        await Task.Run(() => Sys.ActorOf<Echo>().Tell("from the pool"));

        await ExpectMsgAsync("from the pool");
    }

    [Fact]
    public void The_implicit_sender_does_not_flow_into_actors()
    {
        var actor = Sys.ActorOf(Doing(context =>
        {
            var asker = context.Sender;
            _ = Task.Run(() => asker.Tell("from a task of the actor"));
        }));

        actor.Tell("go");
        ExpectMsg("from a task of the actor");

        Assert.Equal(Sys.DeadLetters, LastSender);
    }

    [Fact]
    public void A_kit_gives_the_implicit_sender_back_to_the_one_before_it()
    {
        var inner = new Akka.TestKit.Xunit2.TestKit();
        inner.TestActor.Tell("from the inner one");
        inner.ExpectMsg("from the inner one");
        Assert.Equal(inner.TestActor, inner.LastSender);

        inner.Dispose();
        Sys.ActorOf<Echo>().Tell("from the outer one");

        ExpectMsg("from the outer one");
    }

    [Fact]
    public void A_kit_can_be_made_from_a_setup()
    {
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("answer = 42")));

        using var kit = new Akka.TestKit.Xunit2.TestKit(setup, "made");

        Assert.Equal(("made", 42), (kit.Sys.Name, kit.Sys.Settings.Config.GetInt("answer")));
    }

    [Fact]
    public void Probes_of_one_name_do_not_mind_each_other() =>
        Assert.NotEqual(CreateTestProbe("same").Ref, CreateTestProbe("same").Ref);

    [Fact]
    public void A_probe_without_messages_has_nobody_to_reply_to() =>
        Assert.Throws<XunitException>(() => CreateTestProbe().Reply("to whom?"));

    [Fact]
    public void A_probe_can_be_stopped_and_watched_as_the_actor_it_stands_for()
    {
        var probe = CreateTestProbe();
        Watch(probe);

        Sys.Stop(probe);

        Assert.Equal(probe.Ref, ExpectTerminated(probe).ActorRef);
    }

    [Fact]
    public void A_child_with_an_impossible_name_is_refused_and_the_test_actor_lives_on()
    {
        Assert.Throws<InvalidActorNameException>(() => ChildActorOf(Props.Create<Echo>(), "not valid"));

        ChildActorOf(Props.Create<Echo>()).Tell("still here");
        ExpectMsg("still here");
    }

    [Fact]
    public void A_time_factor_must_be_positive() =>
        Assert.Throws<ConfigurationException>(
            () => new TestKitSettings(ConfigurationFactory.ParseString("akka.test.timefactor = 0")));

    private static Props Doing(Action<IUntypedActorContext> onAnything) =>
        Props.Create(() => new Scripted((context, _) => onAnything(context)));

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
            list.Add(item);
        return list;
    }
}
