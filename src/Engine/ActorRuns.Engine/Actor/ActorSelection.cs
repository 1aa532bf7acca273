using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>
/// A path that is followed anew for every message: to one actor, to none or, with <c>*</c> and <c>?</c> in a name, to
/// several. What finds nobody becomes a dead letter.
/// </summary>
public sealed class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    private ActorSelection(IInternalActorRef anchor, string path)
    {
        Anchor = anchor;
        System = anchor.System ?? throw new ArgumentException($"{anchor} belongs to no actor system.", nameof(anchor));
        _elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The path from the anchor.</summary>
    public string PathString => "/" + string.Join('/', _elements);

    internal ActorSystemImpl System { get; }

    /// <summary>Tells the message to whatever the selection finds.</summary>
    /// <param name="message">What is told; never null.</param>
    /// <param name="sender">Who is to get replies; null for the actor that calls, or nobody outside of actors.</param>
    public void Tell(object message, IActorRef? sender = null) =>
        ((ICanTell)this).Tell(message, sender ?? ActorCell.GetCurrentSelfOrNoSender());

    void ICanTell.Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var found = Find((IInternalActorRef)Anchor, 0).ToList();
        if (found.Count == 0)
            found.Add(new EmptyLocalActorRef(System, Anchor.Path / _elements));
        foreach (var reference in found)
            reference.Tell(message, sender);
    }

    /// <summary>The reference of the one actor the selection finds.</summary>
    /// <exception cref="ActorNotFoundException">There is none, or it does not answer in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The reference of the one actor the selection finds.</summary>
    /// <exception cref="ActorNotFoundException">There is none, or it does not answer in time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, cancellationToken)
                .ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"There is no actor at {this}.");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"{this} did not answer within {timeout}.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor}), Path({PathString})]";

    /// <summary>The selection a text means: a whole path, one from the root, or one relative to an actor.</summary>
    internal static ActorSelection Of(string path, ActorSystemImpl system, IInternalActorRef relativeTo)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (ActorPath.TryParse(path, out var whole))
            return Of(whole, system);
        return new ActorSelection(path.StartsWith('/') ? system.Root : relativeTo, path);
    }

    /// <summary>The selection of what lives at a path; nobody when it is another system's.</summary>
    internal static ActorSelection Of(ActorPath path, ActorSystemImpl system) =>
        path.Address == system.Root.Path.Address
            ? new ActorSelection(system.Root, path.ToStringWithoutAddress())
            : new ActorSelection((IInternalActorRef)system.DeadLetters, "");

    internal static ActorSelection Below(IInternalActorRef anchor, string path) => new(anchor, path);

    private IEnumerable<IInternalActorRef> Find(IInternalActorRef from, int index)
    {
        if (index == _elements.Length)
            return from.IsNobody() ? [] : [from];

        var element = _elements[index];
        var next = element switch
        {
            "." => [from],
            ".." => [from.Parent],
            _ when element.AsSpan().ContainsAny('*', '?') => from.Children.Cast<IInternalActorRef>()
                .Where(child => FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false)),
            _ => [from.GetChild(element)],
        };
        return next.Where(reference => !reference.IsNobody()).SelectMany(reference => Find(reference, index + 1));
    }
}
