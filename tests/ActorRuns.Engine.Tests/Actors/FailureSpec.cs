using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Event;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>Actors that fail where it hurts most, and what still holds then.</summary>
public sealed class FailureSpec() : ContractTest("akka.loglevel = ERROR")
{
    private enum Hook
    {
        None,
        Constructor,
        PreStart,
        PostStop,
        PreRestart,
        PostRestart,
    }

    /// <summary>Fails in one hook, for as long as the switch says so, and on every message.</summary>
    private sealed class Brittle : ReceiveActor
    {
        private readonly Hook _weak;
        private readonly Func<bool> _isBroken;
        private readonly IActorRef _witness;

        public Brittle(Hook weak, Func<bool> isBroken, IActorRef witness)
        {
            (_weak, _isBroken, _witness) = (weak, isBroken, witness);
            Receive<Fail>(fail => throw fail.Reason);
            ReceiveAny(message => Sender.Tell(message));
            Run(Hook.Constructor);
        }

        protected override void PreStart() => Run(Hook.PreStart);

        protected override void PostStop() => Run(Hook.PostStop);

        protected override void PreRestart(Exception reason, object message)
        {
            Run(Hook.PreRestart);
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            Run(Hook.PostRestart);
            base.PostRestart(reason);
        }

        private void Run(Hook hook)
        {
            _witness.Tell(hook);
            if (hook == _weak && _isBroken())
                throw new InvalidOperationException($"weak in {hook}");
        }
    }

    private sealed class Hidden : UntypedActor
    {
        private Hidden()
        {
        }

        public static Props Props() => Akka.Actor.Props.Create(() => new Hidden());

        protected override void OnReceive(object message)
        {
        }
    }

    private static Func<bool> Always => () => true;

    private IActorRef Actor(Hook weak, Func<bool> isBroken) =>
        Sys.ActorOf(Props.Create(() => new Brittle(weak, isBroken, ActorRefs.Nobody)));

    [Fact]
    public void A_PostStop_that_throws_is_logged_and_the_actor_is_gone_all_the_same()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var actor = Actor(Hook.PostStop, Always);
        Watch(actor);

        Sys.Stop(actor);

        ExpectMsg<Error>(error => Assert.Equal("weak in PostStop", error.Cause?.Message));
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_PreRestart_that_throws_does_not_stop_the_restart()
    {
        var actor = Actor(Hook.PreRestart, Always);

        actor.Tell(Fail.With("boom"));
        actor.Tell("alive");

        ExpectMsg("alive");
    }

    [Fact]
    public void A_PostRestart_that_throws_stops_the_actor()
    {
        var actor = Actor(Hook.PostRestart, Always);
        Watch(actor);

        actor.Tell(Fail.With("boom"));

        ExpectTerminated(actor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_supervisor_that_restarts_what_could_not_start_tries_again(bool inConstructor)
    {
        var failures = 3;
        Func<bool> isBroken = () => failures-- > 0;
        var weak = inConstructor ? Hook.Constructor : Hook.PreStart;
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Restart))));

        parent.Tell(new Spawn(Props.Create(() => new Brittle(weak, isBroken, ActorRefs.Nobody))));
        var child = ExpectMsg<IActorRef>();
        child.Tell("alive");

        ExpectMsg("alive");
        Assert.Equal(-1, failures);
    }

    [Fact]
    public void A_child_that_could_not_start_and_is_resumed_is_made_anew()
    {
        var failures = 1;
        Func<bool> isBroken = () => failures-- > 0;
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Resume))));

        parent.Tell(new Spawn(Props.Create(() => new Brittle(Hook.PreStart, isBroken, ActorRefs.Nobody))));
        ExpectMsg<IActorRef>().Tell("alive");

        ExpectMsg("alive");
    }

    [Fact]
    public void PostStop_does_not_run_for_an_instance_that_never_started()
    {
        var witness = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Brittle(Hook.PreStart, Always, witness)));

        Watch(actor);

        ExpectTerminated(actor);
        witness.ExpectMsg(Hook.Constructor);
        witness.ExpectMsg(Hook.PreStart);
        witness.ExpectNoMsg(Moment);
    }

    [Fact]
    public void A_decider_that_throws_makes_the_supervisor_fail()
    {
        var reasons = CreateTestProbe();
        var grandparent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(reason =>
            Told(reasons, reason.Message)))));
        grandparent.Tell(new Spawn(Props.Create(() => new Parent(new OneForOneStrategy(_ =>
            Undecided())))));
        ExpectMsg<IActorRef>().Tell(new Spawn(Props.Create(() => new Fragile(ActorRefs.Nobody))));

        ExpectMsg<IActorRef>().Tell(Fail.With("boom"));

        reasons.ExpectMsg("cannot decide");
    }

    [Fact]
    public void A_child_that_fails_while_its_parent_waits_to_stop_does_not_hold_it_up()
    {
        using var gate = new ManualResetEventSlim();
        var parent = Sys.ActorOf(Props.Create(() => new Parent(null)));
        parent.Tell(new Spawn(Doing((_, _) =>
        {
            gate.Wait(Patience);
            throw new InvalidOperationException("at the worst time");
        })));
        ExpectMsg<IActorRef>().Tell("hold");
        Watch(parent);

        Sys.Stop(parent);
        gate.Set();

        ExpectTerminated(parent);
    }

    [Fact]
    public void A_failed_actor_can_be_stopped_before_its_supervisor_has_decided()
    {
        using var decide = new ManualResetEventSlim();
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Waited(decide)))));
        parent.Tell(new Spawn(Props.Create(() => new Fragile(ActorRefs.Nobody))));
        var child = ExpectMsg<IActorRef>();
        Watch(child);

        child.Tell(Fail.With("boom"));
        Sys.Stop(child);

        ExpectTerminated(child);
        decide.Set();
    }

    /// <summary>Akka.NET looks for public constructors only, and what works here has to work there.</summary>
    [Fact]
    public void A_constructor_that_is_not_public_is_refused_by_the_name_of_its_class()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var actor = Sys.ActorOf(Hidden.Props());
        Watch(actor);

        var told = ReceiveN(2);

        var error = Assert.Single(told.OfType<Error>());
        Assert.Contains($"The constructor of {typeof(Hidden)} that its Props call is not public", $"{error.Message}");
        Assert.Equal(actor, Assert.Single(told.OfType<Terminated>()).ActorRef);
    }

    private static Directive Told(ICanTell witness, object message)
    {
        witness.Tell(message, ActorRefs.NoSender);
        return Directive.Stop;
    }

    private static Directive Undecided() => throw new InvalidOperationException("cannot decide");

    private static Directive Waited(ManualResetEventSlim gate)
    {
        gate.Wait(Patience);
        return Directive.Restart;
    }
}
