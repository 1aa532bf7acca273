using Akka.Event;

namespace Akka.Actor;

/// <summary>What becomes of a failed child.</summary>
public enum Directive
{
    /// <summary>It goes on with its state; the message that failed is lost.</summary>
    Resume,

    /// <summary>A new instance takes its place.</summary>
    Restart,

    /// <summary>The supervisor fails with the same exception.</summary>
    Escalate,

    /// <summary>It ends.</summary>
    Stop,
}

/// <summary>Chooses a directive by the exception.</summary>
public interface IDecider
{
    /// <summary>What is to become of a child that failed with this cause.</summary>
    Directive Decide(Exception cause);
}

/// <summary>A decider that is a function.</summary>
/// <param name="decider">Chooses the directive.</param>
public sealed class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc/>
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>A decider that is a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> decider) => new(decider);
}

/// <summary>How an actor supervises its children: whom a failure touches, how, and how often.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>
    /// Stops what could not start, was killed or broke a death pact; restarts the rest.
    /// </summary>
    public static readonly IDecider DefaultDecider = Actor.Decider.From(cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>Each child on its own, restarts without limit, by the default decider.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops every child that fails.</summary>
    public static readonly SupervisorStrategy StoppingStrategy = new OneForOneStrategy(_ => Directive.Stop);

    private protected SupervisorStrategy(
        int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
    {
        ArgumentNullException.ThrowIfNull(decider);
        MaxNumberOfRetries = maxNrOfRetries ?? -1;
        TimeRange = withinTimeRange;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>
    /// How many restarts a child has, within the time range if there is one; negative for any number.
    /// </summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>Chooses the directive.</summary>
    public IDecider Decider { get; }

    /// <summary>The time after which restarts are forgotten; null for never.</summary>
    protected TimeSpan? TimeRange { get; }

    private bool LoggingEnabled { get; }

    /// <summary>Decides about a failed child and acts; false when the supervisor itself is to fail.</summary>
    internal bool HandleFailure(ActorCell supervisor, ChildRecord failed, Exception cause)
    {
        var directive = Decider.Decide(cause);
        if (LoggingEnabled)
            Log(supervisor, failed.Reference, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                failed.Reference.SendSystemMessage(new Dispatch.SysMsg.Resume(afterFailure: true));
                return true;
            case Directive.Restart or Directive.Stop:
                Apply(supervisor, failed, cause, directive == Directive.Restart);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Restarts or stops whom the failure of one child touches.</summary>
    private protected abstract void Apply(ActorCell supervisor, ChildRecord failed, Exception cause, bool restart);

    private protected bool MayRestart(ActorCell supervisor, ChildRecord child) =>
        child.MayRestart(MaxNumberOfRetries, TimeRange, supervisor.SystemImpl.Time);

    private void Log(ActorCell supervisor, LocalActorRef child, Exception cause, Directive directive)
    {
        var message = (cause as ActorInitializationException)?.InnerException?.Message ?? cause.Message;
        var source = child.Path.ToString();
        var stream = supervisor.System.EventStream;
        if (directive == Directive.Resume)
            stream.Publish(new Warning(cause, source, GetType(), message));
        else if (directive != Directive.Escalate)
            stream.Publish(new Error(cause, source, GetType(), message));
    }
}

/// <summary>A failure touches only the child that failed.</summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>Restarts without limit.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    /// <summary>Restarts without limit.</summary>
    public OneForOneStrategy(IDecider decider) : base(null, null, decider, loggingEnabled: true)
    {
    }

    /// <summary>
    /// A child that fails more often than the limit within the range is stopped; null means no limit.
    /// </summary>
    public OneForOneStrategy(
        int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    /// <summary>
    /// A child that fails more often than the limit within the range is stopped; null means no limit.
    /// </summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, loggingEnabled: true)
    {
    }

    /// <summary>The same with a range in milliseconds, and a say in whether failures are logged.</summary>
    public OneForOneStrategy(
        int maxNrOfRetries,
        int withinTimeMilliseconds,
        Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : base(
            maxNrOfRetries,
            TimeSpan.FromMilliseconds(withinTimeMilliseconds),
            new LocalOnlyDecider(localOnlyDecider),
            loggingEnabled)
    {
    }

    private protected override void Apply(ActorCell supervisor, ChildRecord failed, Exception cause, bool restart)
    {
        if (restart && MayRestart(supervisor, failed))
            failed.Reference.SendSystemMessage(new Dispatch.SysMsg.Recreate(cause));
        else
            supervisor.Stop(failed.Reference);
    }
}

/// <summary>A failure of one child touches all of them.</summary>
public sealed class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>Restarts without limit.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    /// <summary>
    /// When a child fails more often than the limit within the range all are stopped; null means no limit.
    /// </summary>
    public AllForOneStrategy(
        int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    /// <summary>
    /// When a child fails more often than the limit within the range all are stopped; null means no limit.
    /// </summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, loggingEnabled: true)
    {
    }

    /// <summary>The same with a range in milliseconds, and a say in whether failures are logged.</summary>
    public AllForOneStrategy(
        int maxNrOfRetries,
        int withinTimeMilliseconds,
        Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : base(
            maxNrOfRetries,
            TimeSpan.FromMilliseconds(withinTimeMilliseconds),
            new LocalOnlyDecider(localOnlyDecider),
            loggingEnabled)
    {
    }

    private protected override void Apply(ActorCell supervisor, ChildRecord failed, Exception cause, bool restart)
    {
        var children = supervisor.ChildRecords;
        var mayRestart = restart && children.All(child => MayRestart(supervisor, child));
        foreach (var child in children)
        {
            if (!mayRestart)
            {
                supervisor.Stop(child.Reference);
                continue;
            }

            // The failed child has suspended itself; a restart ends one suspension.
            if (child != failed)
                child.Reference.SendSystemMessage(new Dispatch.SysMsg.Suspend());
            child.Reference.SendSystemMessage(new Dispatch.SysMsg.Recreate(cause));
        }
    }
}
