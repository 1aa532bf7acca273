using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>One part of what a system is made with, given in code.</summary>
public abstract class Setup
{
    /// <summary>This part and another one.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>The parts a system is made with, at most one of each type. It never changes.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>No parts.</summary>
    public static readonly ActorSystemSetup Empty = new([]);

    private readonly Dictionary<Type, Setup> _parts;

    private ActorSystemSetup(Dictionary<Type, Setup> parts) => _parts = parts;

    /// <summary>These parts; of two of one type the later.</summary>
    public static ActorSystemSetup Create(params Setup[] setups) =>
        setups.Aggregate(Empty, (all, part) => all.WithSetup(part));

    /// <summary>The part of this type, if there is one.</summary>
    public Option<T> Get<T>() where T : Setup =>
        _parts.TryGetValue(typeof(T), out var part) ? new Option<T>((T)part) : Option<T>.None;

    /// <summary>With this part, in place of one of the same type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup =>
        new(new Dictionary<Type, Setup>(_parts) { [setup.GetType()] = setup });

    /// <summary>With this part, in place of one of the same type.</summary>
    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);
}
