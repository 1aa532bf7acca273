using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>One phase of the coordinated shutdown, with the tasks registered for it.</summary>
internal sealed class ShutdownPhase
{
    private readonly TimeSpan _timeout;
    private readonly bool _recovers;
    private readonly bool _isEnabled;
    private readonly IList<string> _dependsOn;
    private readonly List<(string Name, Func<Task<Done>> Run)> _tasks = [];

    private ShutdownPhase(string name, Config config, TimeSpan defaultTimeout)
    {
        Name = name;
        _timeout = config.GetTimeSpan("timeout", defaultTimeout);
        _recovers = config.GetBoolean("recover", true);
        _isEnabled = config.GetBoolean("enabled", true);
        _dependsOn = config.GetStringList("depends-on");
    }

    public string Name { get; }

    /// <summary>The phases of a configuration, each after those it depends on.</summary>
    /// <exception cref="ConfigurationException">Phases depend on each other in a circle.</exception>
    public static IReadOnlyList<ShutdownPhase> InOrder(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout");
        var section = config.GetConfig("phases");
        var phases = section.Keys
            .Select(name => new ShutdownPhase(name, section.GetConfig(Config.Quote(name)), defaultTimeout))
            .ToDictionary(phase => phase.Name);

        var ordered = new List<ShutdownPhase>();
        var path = new HashSet<string>();
        foreach (var phase in phases.Values)
            Visit(phase);
        return ordered;

        void Visit(ShutdownPhase phase)
        {
            if (ordered.Contains(phase))
                return;
            if (!path.Add(phase.Name))
                throw new ConfigurationException($"The shutdown phase '{phase.Name}' depends on itself.");
            foreach (var name in phase._dependsOn)
            {
                if (phases.TryGetValue(name, out var before))
                    Visit(before);
            }

            ordered.Add(phase);
        }
    }

    public void Add(string name, Func<Task<Done>> task)
    {
        lock (_tasks)
            _tasks.Add((name, task));
    }

    /// <summary>Runs the tasks together and waits for all of them, but not longer than the timeout.</summary>
    public async Task Run(ILoggingAdapter log)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_tasks)
            tasks = [.. _tasks];
        if (!_isEnabled || tasks.Length == 0)
            return;

        try
        {
            await Task.WhenAll(tasks.Select(task => RunTask(task.Name, task.Run, log))).WaitAsync(_timeout);
        }
        catch (TimeoutException) when (_recovers)
        {
            log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", Name, _timeout);
        }
    }

    private async Task RunTask(string name, Func<Task<Done>> run, ILoggingAdapter log)
    {
        try
        {
            await run();
        }
        catch (Exception e) when (_recovers)
        {
            log.Warning(e, "Task [{0}] failed in phase [{1}]", name, Name);
        }
    }
}
