using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Internal;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>The base of a test class: every test gets a system of its own, which is terminated after it.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Below every configuration: what is logged goes to the test's output only.</summary>
    private static readonly Config BelowAll =
        ConfigurationFactory.ParseString("akka { loggers = [], stdout-loglevel = OFF }");

    private readonly LogSubscription? _log;

    /// <summary>A kit in a system that is there already, or in one without configuration of its own.</summary>
    /// <param name="system">The system, which the kit terminates in the end; null for a new one.</param>
    /// <param name="output">Where to write what is logged; null for nowhere.</param>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(system ?? NewSystem(null, ActorSystemSetup.Empty))
    {
        Output = output;
        if (output is not null)
            _log = new LogSubscription(Sys, Write);
    }

    /// <summary>A kit in a system made with these parts.</summary>
    /// <param name="config">The parts.</param>
    /// <param name="actorSystemName">The system's name; null for <c>test</c>.</param>
    /// <param name="output">Where to write what is logged; null for nowhere.</param>
    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : this(NewSystem(actorSystemName, config), output)
    {
    }

    /// <summary>A kit in a system with this configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="actorSystemName">The system's name; null for <c>test</c>.</param>
    /// <param name="output">Where to write what is logged; null for nowhere.</param>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : this(ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, output)
    {
    }

    /// <summary>A kit in a system with this configuration.</summary>
    /// <param name="config">The configuration, in HOCON.</param>
    /// <param name="output">Where to write what is logged; null for nowhere.</param>
    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), actorSystemName: null, output)
    {
    }

    /// <summary>Where what is logged is written; null when the test gave none.</summary>
    protected ITestOutputHelper? Output { get; }

    /// <summary>Ends the test.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after the test; terminates the system. Overridden, it calls this at the right moment.</summary>
    protected virtual void AfterAll() => Shutdown();

    /// <summary>Ends the test.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> calls.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;

        try
        {
            AfterAll();
        }
        finally
        {
            _log?.Dispose();
            EndImplicitSender();
        }
    }

    private static ActorSystem NewSystem(string? name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = (bootstrap.HasValue ? bootstrap.Value : BootstrapSetup.Create()).WithConfigFallback(BelowAll);
        return ActorSystem.Create(name ?? "test", setup.WithSetup(config));
    }

    private void Write(LogEvent entry)
    {
        try
        {
            Output?.WriteLine($"{entry}");
        }
        catch (InvalidOperationException)
        {
            // The test is over, and xunit takes no more of its output: the system still logs that it terminates.
        }
    }
}
