using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.DependencyInjection;

/// <summary>The part of a setup with the provider of the actors' services.</summary>
public sealed class DependencyResolverSetup : Actor.Setup.Setup
{
    private DependencyResolverSetup(IServiceProvider serviceProvider) => ServiceProvider = serviceProvider;

    /// <summary>Gives the services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>With this provider.</summary>
    public static DependencyResolverSetup Create(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new DependencyResolverSetup(provider);
    }
}

/// <summary>Makes props of actors whose constructors take services.</summary>
public sealed class DependencyResolver : IExtension
{
    private readonly IServiceProvider _provider;

    internal DependencyResolver(IServiceProvider provider) => _provider = provider;

    /// <summary>The system's resolver.</summary>
    /// <exception cref="ConfigurationException">
    /// The system was made without a <see cref="DependencyResolverSetup"/>.
    /// </exception>
    public static DependencyResolver For(ActorSystem system) => DependencyResolverExtension.Instance.Apply(system);

    /// <summary>Every instance gets the arguments given and the rest from the services, anew on a restart.</summary>
    public Props Props<T>(params object[] args) where T : ActorBase => Props(typeof(T), args);

    /// <summary>Every instance gets its services, anew on a restart.</summary>
    public Props Props<T>() where T : ActorBase => Props(typeof(T));

    /// <summary>Every instance gets the arguments given and the rest from the services, anew on a restart.</summary>
    public Props Props(Type type, params object[] args) =>
        Actor.Props.CreateBy(new ServiceProviderActorProducer(_provider, type, args));

    private sealed class ServiceProviderActorProducer(IServiceProvider provider, Type type, object[] arguments)
        : IIndirectActorProducer
    {
        public Type ActorType => type;

        public ActorBase Produce() => (ActorBase)ActivatorUtilities.CreateInstance(provider, type, arguments);

        public void Release(ActorBase actor)
        {
        }
    }
}

/// <summary>Gives each system its resolver.</summary>
public sealed class DependencyResolverExtension : ExtensionIdProvider<DependencyResolver>
{
    /// <summary>The only instance.</summary>
    public static readonly DependencyResolverExtension Instance = new();

    private DependencyResolverExtension()
    {
    }

    /// <inheritdoc/>
    public override DependencyResolver CreateExtension(ExtendedActorSystem system)
    {
        var setup = system.Settings.Setup.Get<DependencyResolverSetup>();
        return setup.HasValue
            ? new DependencyResolver(setup.Value.ServiceProvider)
            : throw new ConfigurationException($"Add a {nameof(DependencyResolverSetup)} to the setup of the system.");
    }
}
