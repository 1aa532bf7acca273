using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Dispatch;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>Async handlers that are interrupted, left alone or used twice.</summary>
public sealed class AsyncHandlerSpec : ContractTest
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Await(Task Task);

    private sealed class Waiting : ReceiveActor
    {
        private readonly IActorRef _witness;

        public Waiting(IActorRef witness)
        {
            _witness = witness;
            ReceiveAsync<Await>(async wait =>
            {
                _witness.Tell("waits");
                await wait.Task;
                _witness.Tell("goes on");
            });
            Receive<Fail>(fail => throw fail.Reason);
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PostStop() => _witness.Tell("stopped");

        protected override void PreRestart(Exception reason, object message) => _witness.Tell($"restarts: {message}");
    }

    private Props WaitingProps => Props.Create(() => new Waiting(TestActor));

    [Fact]
    public void Stop_does_not_wait_for_the_handler_and_it_never_goes_on()
    {
        var actor = Sys.ActorOf(WaitingProps);
        actor.Tell(new Await(_gate.Task));
        ExpectMsg("waits");
        Watch(actor);

        Sys.Stop(actor);
        ExpectMsg("stopped");
        ExpectTerminated(actor);
        _gate.SetResult();

        ExpectNoMsg(Moment);
    }

    [Fact]
    public void A_restart_by_a_siblings_failure_ends_the_handler_in_the_middle()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new AllForOneStrategy(_ => Directive.Restart))));
        parent.Tell(new Spawn(WaitingProps));
        var waiting = ExpectMsg<IActorRef>();
        parent.Tell(new Spawn(Props.Create(() => new Fragile(ActorRefs.Nobody))));
        var sibling = ExpectMsg<IActorRef>();
        waiting.Tell(new Await(_gate.Task));
        ExpectMsg("waits");

        sibling.Tell(Fail.With("boom"));
        FishForMessage<string>(text => text.StartsWith("restarts", StringComparison.Ordinal));
        _gate.SetResult();
        waiting.Tell("next");

        ExpectMsg("next");
    }

    [Fact]
    public void PreRestart_gets_the_message_whose_handler_failed_after_an_await()
    {
        var actor = Sys.ActorOf(WaitingProps);
        actor.Tell(new Await(_gate.Task));
        ExpectMsg("waits");

        _gate.SetException(new InvalidOperationException("late"));

        Assert.StartsWith("restarts: Await", ExpectMsg<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_actor_goes_on_with_the_next_message_after_a_failure_in_an_async_handler()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Resume))));
        parent.Tell(new Spawn(WaitingProps));
        var actor = ExpectMsg<IActorRef>();
        actor.Tell(new Await(_gate.Task));
        ExpectMsg("waits");

        _gate.SetException(new InvalidOperationException("late"));
        actor.Tell("next");

        ExpectMsg("next");
    }

    /// <summary>Begins what its handler does not await; what comes after the await inside runs in its turn.</summary>
    private sealed class Detached : ReceiveActor
    {
        public Detached(Task gate)
        {
            ReceiveAsync<string>(text =>
            {
                _ = ReplyLater(text);
                return Task.CompletedTask;
            });
            ReceiveAny(message => Sender.Tell(message));

            async Task ReplyLater(string text)
            {
                await gate;
                Sender.Tell($"{text} at {Self.Path.Name}");
            }
        }
    }

    [Fact]
    public void What_a_handler_began_and_did_not_await_holds_nothing_up_and_ends_in_the_actors_turn()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Detached(_gate.Task)), "detached");

        actor.Tell("later");
        actor.Tell(1);
        ExpectMsg(1);
        _gate.SetResult();

        ExpectMsg("later at detached");
    }

    /// <summary>Runs a task inside another one, before or after that awaits.</summary>
    private sealed class Nesting : UntypedActor
    {
        protected override void OnReceive(object message) => RunTask(async () =>
        {
            if (message is "after an await")
                await Task.Yield();
            Sender.Tell(Record.Exception(() => RunTask(() => Task.CompletedTask)));
        });
    }

    [Theory]
    [InlineData("before an await")]
    [InlineData("after an await")]
    public void A_task_inside_another_is_refused_and_the_outer_one_goes_on(string when)
    {
        var actor = Sys.ActorOf(Props.Create<Nesting>());

        actor.Tell(when);
        actor.Tell(when);

        ExpectMsg<InvalidOperationException>();
        ExpectMsg<InvalidOperationException>();
    }

    private sealed class Hasty : UntypedActor
    {
        public Hasty() => RunTask(static async () => await Task.Yield());

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void A_constructor_that_runs_a_task_fails_instead_of_waiting_for_ever()
    {
        var actor = Sys.ActorOf(Props.Create<Hasty>());

        Watch(actor);

        ExpectTerminated(actor);
    }

    [Fact]
    public void Nobody_but_an_actor_runs_tasks() =>
        Assert.Throws<InvalidOperationException>(() => ActorTaskScheduler.RunTask(() => Task.CompletedTask));

    private sealed class StartingAsync : ReceiveActor
    {
        private string _state = "new";

        public StartingAsync() => ReceiveAny(_ => Sender.Tell(_state));

        protected override void PreStart() => ActorTaskScheduler.RunTask(async () =>
        {
            await Task.Yield();
            _state = "started";
        });
    }

    [Fact]
    public void Messages_wait_for_a_task_run_in_PreStart()
    {
        Sys.ActorOf(Props.Create<StartingAsync>()).Tell("?");

        ExpectMsg("started");
    }

    [Fact]
    public void The_context_is_there_after_each_of_many_awaits_and_elsewhere_it_is_not()
    {
        var actor = Sys.ActorOf(Props.Create<Hopping>());

        actor.Tell("go");

        ExpectMsg((20, true));
    }

    private sealed class Hopping : ReceiveActor
    {
        public Hopping() => ReceiveAnyAsync(async _ =>
        {
            var (self, sender, right) = (Self, Sender, 0);
            for (var hop = 0; hop < 20; hop++)
            {
                await Task.Run(static () => { });
                if (Context.Self.Equals(self) && Sender.Equals(sender))
                    right++;
            }

            var isLostOutside = await Task.Run(() => Record.Exception(() => Context.Self) is NotSupportedException);
            Sender.Tell((right, isLostOutside));
        });
    }
}
