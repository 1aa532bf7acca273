using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The part of a setup with the system's configuration.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config) => Config = config;

    /// <summary>The configuration, if one is given.</summary>
    public Option<Config> Config { get; }

    /// <summary>Without a configuration.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None);

    /// <summary>With this configuration.</summary>
    public BootstrapSetup WithConfig(Config config) => new(new Option<Config>(config));

    /// <summary>With another one below what is there.</summary>
    public BootstrapSetup WithConfigFallback(Config config) =>
        WithConfig(Config.HasValue ? Config.Value.WithFallback(config) : config);
}
