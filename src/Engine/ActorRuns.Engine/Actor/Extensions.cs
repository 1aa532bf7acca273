namespace Akka.Actor;

/// <summary>Something that every system has at most one of.</summary>
public interface IExtension;

/// <summary>Makes an extension and finds it again.</summary>
public interface IExtensionId
{
    /// <summary>The type of the extension; a system has one of each.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's extension, made if it is not there.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's extension, made if it is not there.</summary>
    object Get(ActorSystem system);

    /// <summary>Makes the extension; called by the system, once.</summary>
    object CreateExtension(ExtendedActorSystem system);
}

/// <summary>Makes an extension and finds it again.</summary>
/// <typeparam name="T">The extension.</typeparam>
public abstract class ExtensionIdProvider<T> : IExtensionId where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <summary>The system's extension, made if it is not there.</summary>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <summary>The system's extension, made if it is not there.</summary>
    public T Get(ActorSystem system) => Apply(system);

    /// <summary>Makes the extension; called by the system, once.</summary>
    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);
}
