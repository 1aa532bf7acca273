using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes the instances of an actor.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The class it makes.</summary>
    Type ActorType { get; }

    /// <summary>Makes one instance; what it throws keeps the actor from starting.</summary>
    ActorBase Produce();

    /// <summary>Lets go of an instance that has ended.</summary>
    void Release(ActorBase actor);
}

/// <summary>
/// Calls the constructor of a <c>new</c> expression, with the values its arguments had when it was read. It has to be
/// public, as for Akka.NET, which looks it up again.
/// </summary>
internal sealed class ConstructorProducer(NewExpression call) : IIndirectActorProducer
{
    private readonly ConstructorInfo _constructor = call.Constructor!; // Props.Create has looked.
    private readonly object?[] _arguments = [.. call.Arguments.Select(ValueOf)];

    public Type ActorType { get; } = call.Type;

    public ActorBase Produce() => _constructor.IsPublic
        ? (ActorBase)_constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, _arguments, null)
        : throw new MissingMethodException(
            $"The constructor of {ActorType} that its Props call is not public. It has to be; the class need not.");

    public void Release(ActorBase actor)
    {
    }

    /// <summary>
    /// Reads what is written most, constants, locals and fields, without compiling code, which is slow.
    /// </summary>
    private static object? ValueOf(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Target(member)),
        MemberExpression { Member: PropertyInfo property } member =>
            property.GetMethod!.Invoke(Target(member), BindingFlags.DoNotWrapExceptions, null, null, null),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
            when convert.Type.IsAssignableFrom(convert.Operand.Type) => ValueOf(convert.Operand),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };

    private static object? Target(MemberExpression member) =>
        member.Expression is { } instance ? ValueOf(instance) : null;
}

/// <summary>Makes a class with the constructor that the arguments fit, found for each instance.</summary>
internal sealed class ActivatorProducer(Type type, object?[] arguments) : IIndirectActorProducer
{
    public Type ActorType => type;

    public ActorBase Produce() => (ActorBase)Activator.CreateInstance(
        type,
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions,
        binder: null,
        arguments,
        culture: null)!; // Null only for Nullable<T>, which is no actor.

    public void Release(ActorBase actor)
    {
    }
}
