using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.TestKit.Internal;
using Xunit.Sdk;

namespace Akka.TestKit;

/// <summary>
/// A test's own actor and what can be expected of it. Used by one test at a time, from one thread at a time. Whatever
/// does not come as expected is an <see cref="XunitException"/>. All times given are stretched by
/// <c>akka.test.timefactor</c>.
/// </summary>
public abstract partial class TestKitBase
{
    private static long _testActorCount;

    private readonly Inbox _inbox = new();
    private readonly IActorRef? _outerSender;
    private Received? _last;

    /// <summary>A kit in the system.</summary>
    /// <param name="system">The system under test.</param>
    /// <param name="testActorName">How the name of the test actor begins; null for <c>testActor</c>.</param>
    protected TestKitBase(ActorSystem system, string? testActorName = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        Sys = system;
        TestKitSettings = new TestKitSettings(system.Settings.Config);
        TestActor = CreateTestActor($"{testActorName ?? "testActor"}-{Interlocked.Increment(ref _testActorCount)}");
        EventFilter = new EventFilterFactory(this);

        _outerSender = AmbientSender.Value;
        if (this is not INoImplicitSender)
            AmbientSender.Value = TestActor;
    }

    /// <summary>The system under test.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The settings of the kit.</summary>
    public TestKitSettings TestKitSettings { get; }

    /// <summary>Gets what the test expects; also the sender of what the test tells, after an await as well.</summary>
    public IActorRef TestActor { get; }

    /// <summary>Expects log entries.</summary>
    public EventFilterFactory EventFilter { get; }

    /// <summary>The sender of the last message the test received.</summary>
    /// <exception cref="XunitException">The test has received nothing.</exception>
    public IActorRef LastSender => LastReceived.Sender;

    private protected Received LastReceived => _last ?? throw Failure("No message has been received yet.");

    /// <summary>Another actor; the test receives its messages together with those of <see cref="TestActor"/>.</summary>
    public IActorRef CreateTestActor(string name) =>
        ((ExtendedActorSystem)Sys).SystemActorOf(Props.Create(() => new TestActor(_inbox)), name);

    /// <summary>A probe in the system of the test.</summary>
    /// <param name="name">How the name of its actor begins; null for a name without meaning.</param>
    public TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>A probe in another system.</summary>
    /// <param name="system">Where it is to live.</param>
    /// <param name="name">How the name of its actor begins; null for a name without meaning.</param>
    public TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, name);

    /// <summary>Makes an actor whose parent is <see cref="TestActor"/>.</summary>
    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default) =>
        ChildActorOf(props, name: null, cancellationToken);

    /// <summary>Makes an actor whose parent is <see cref="TestActor"/>.</summary>
    /// <exception cref="InvalidActorNameException">The name is not valid or is taken.</exception>
    public IActorRef ChildActorOf(Props props, string? name, CancellationToken cancellationToken = default)
    {
        var spawn = new TestActor.Spawn(props, name);
        Ask(spawn);
        var patience = Dilated(TestKitSettings.DefaultTimeout);
        return spawn.Child.WaitAsync(patience, cancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>Watches the actor, so that its end can be expected.</summary>
    /// <returns>The same reference.</returns>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        Ask(new TestActor.Watch(actorToWatch));
        return actorToWatch;
    }

    /// <summary>Watches the actor no more.</summary>
    /// <returns>The same reference.</returns>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Ask(new TestActor.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    /// <summary>From here on, messages that the predicate takes are not received.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage)
    {
        ArgumentNullException.ThrowIfNull(shouldIgnoreMessage);
        Ask(new TestActor.Ignore(shouldIgnoreMessage));
    }

    /// <summary>From here on, all messages are received.</summary>
    public void IgnoreNoMessages() => Ask(new TestActor.Ignore(null));

    /// <summary>The time multiplied by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) =>
        duration == Timeout.InfiniteTimeSpan ? duration : duration * TestKitSettings.TestTimeFactor;

    /// <summary>Terminates the system under test and waits for its end.</summary>
    /// <param name="duration">How long; null for <c>akka.test.default-timeout</c>, 10 s at least.</param>
    /// <param name="verifySystemShutdown">Whether the test fails when it takes longer; else it is only logged.</param>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Terminates a system and waits for its end.</summary>
    /// <param name="system">Which one.</param>
    /// <param name="duration">How long; null for <c>akka.test.default-timeout</c>, 10 s at least.</param>
    /// <param name="verifySystemShutdown">Whether the test fails when it takes longer; else it is only logged.</param>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        var patience = Dilated(duration ?? Max(TestKitSettings.DefaultTimeout, TimeSpan.FromSeconds(10)));
        if (system.Terminate().Wait(patience))
            return;

        var message = $"The system {system.Name} has not terminated within {patience}.";
        if (verifySystemShutdown)
            throw Failure(message);
        system.Log.Warning(message);
    }

    /// <summary>The failure of the test: who expected what, and what came instead.</summary>
    internal XunitException Failure(string message, string? hint = null, Exception? cause = null) =>
        new($"{TestActor.Path}: {message}{(string.IsNullOrEmpty(hint) ? "" : $" ({hint})")}", cause);

    /// <summary>Gives the implicit sender back to the kit around this one, or to nobody.</summary>
    private protected void EndImplicitSender()
    {
        if (ReferenceEquals(AmbientSender.Value, TestActor))
            AmbientSender.Value = _outerSender;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Ask(TestActor.Request request) => TestActor.Tell(request, ActorRefs.NoSender);
}
