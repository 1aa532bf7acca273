using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Hands what it is told to the inbox of its kit, and does on request what only an actor can do.</summary>
internal sealed class TestActor(Inbox inbox) : UntypedActor
{
    private Func<object, bool>? _ignores;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Request request:
                request.Run(this);
                break;
            case var ignored when _ignores?.Invoke(ignored) == true:
                break;
            default:
                inbox.Add(new Received(message, Sender));
                break;
        }
    }

    /// <summary>What a kit asks of its test actor; told, so that it takes its place among the other messages.</summary>
    public abstract class Request
    {
        public abstract void Run(TestActor actor);
    }

    /// <summary>Ignores what the predicate takes, from here on; null to ignore nothing.</summary>
    public sealed class Ignore(Func<object, bool>? predicate) : Request
    {
        public override void Run(TestActor actor) => actor._ignores = predicate;
    }

    public sealed class Watch(IActorRef subject) : Request
    {
        public override void Run(TestActor actor) => Context.Watch(subject);
    }

    public sealed class Unwatch(IActorRef subject) : Request
    {
        public override void Run(TestActor actor) => Context.Unwatch(subject);
    }

    public sealed class Spawn(Props props, string? name) : Request
    {
        private readonly TaskCompletionSource<IActorRef> _child =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The child, or why there is none.</summary>
        public Task<IActorRef> Child => _child.Task;

        public override void Run(TestActor actor)
        {
            try
            {
                _child.SetResult(Context.ActorOf(props, name));
            }
            catch (Exception e)
            {
                // Whoever asked is told; the test actor itself must not fail.
                _child.SetException(e);
            }
        }
    }
}
