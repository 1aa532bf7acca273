using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The section <c>akka.test</c>.</summary>
public sealed class TestKitSettings
{
    /// <summary>Reads the settings.</summary>
    /// <param name="config">The configuration of the system under test.</param>
    /// <exception cref="ConfigurationException">The time factor is not positive.</exception>
    public TestKitSettings(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", TimeSpan.FromSeconds(5), false);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", TimeSpan.FromSeconds(3), false);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", TimeSpan.FromSeconds(3), false);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 1.0);
        if (TestTimeFactor <= 0)
            throw new ConfigurationException($"akka.test.timefactor is {TestTimeFactor}; it must be positive.");
    }

    /// <summary>How long the kit waits for its system to terminate, or an actor to be made. Default 5 s.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long an expectation waits that is not given a time. Default 3 s.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an event filter waits for what was logged. Default 3 s.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>What all times are multiplied with, for a machine that is slow. Default 1.</summary>
    public double TestTimeFactor { get; }
}
