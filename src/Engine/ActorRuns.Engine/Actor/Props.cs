using System.Linq.Expressions;

namespace Akka.Actor;

/// <summary>
/// How to make the instances of an actor: the first one and, with the same arguments, one for each restart.
/// </summary>
public sealed class Props
{
    private readonly IIndirectActorProducer _producer;

    private Props(IIndirectActorProducer producer, SupervisorStrategy? strategy)
    {
        _producer = producer;
        SupervisorStrategy = strategy;
    }

    /// <summary>The class of the actor.</summary>
    public Type Type => _producer.ActorType;

    /// <summary>Supervises the actor's children in place of the actor's own strategy; null where that holds.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    /// <summary>
    /// Takes class, constructor and arguments from <c>() => new Actor(…)</c>; the arguments are read now.
    /// </summary>
    /// <exception cref="InvalidCastException">The expression does not begin with <c>new</c>.</exception>
    public static Props Create<TActor>(
        Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.Body is NewExpression { Constructor: not null } call
            ? new Props(new ConstructorProducer(call), supervisorStrategy)
            : throw new InvalidCastException("Props are made from an expression of the form () => new Actor(...).");
    }

    /// <summary>Makes the class with the constructor that the arguments fit.</summary>
    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>Makes the class with the constructor that the arguments fit.</summary>
    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(ActorBase).IsAssignableFrom(type)
            ? new Props(new ActivatorProducer(type, args), null)
            : throw new ArgumentException($"{type} does not derive from {nameof(ActorBase)}.", nameof(type));
    }

    /// <summary>Lets the producer make the instances.</summary>
    public static Props CreateBy(IIndirectActorProducer producer)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(producer, null);
    }

    /// <summary>The same with another strategy for the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(_producer, supervisorStrategy);

    /// <summary>Makes an instance; within the cell it is for.</summary>
    internal ActorBase NewActor() => _producer.Produce();
}
