using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace ActorRuns.TestKit;

/// <summary>
/// A runtime of its own for one test: time stands still until the test lets it pass, there is no network, and what is
/// recorded outlives a process that the test loses. Whatever a test waits for is waited for by signal; a wait in vain
/// fails with the timeline of the thread.
/// </summary>
public sealed class Scenario : IAsyncDisposable
{
    /// <summary>The name of the agent that <see cref="GivenAsync(ScriptedModel, AITool[])"/> makes.</summary>
    public const string AgentName = "agent";

    private const string Hocon = """
        akka {
            loglevel = WARNING
            stdout-loglevel = OFF
            log-dead-letters = off
            scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        }
        """;

    private const int Turns = 6;

    // In virtual time, which passes only when a test lets it: a scenario is over long before.
    private static readonly TimeSpan Never = TimeSpan.FromDays(20);
    private static readonly TimeSpan Stride = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time;
    private readonly ScenarioJournal _journal;
    private readonly GraphRegistry _graphs;
    private readonly RuntimeStores _stores;
    private readonly ScenarioOptions _options;
    private readonly List<ThreadId> _threads = [];
    private Akka.TestKit.Xunit2.TestKit? _kit;
    private ActorRunsRuntime? _runtime;
    private IActorRef? _watcher;

    private Scenario(Func<Timeline, IReadOnlyList<AgentGraph>> make, ScenarioOptions options)
    {
        _time = new FakeTimeProvider(options.StartsAt);
        _options = options;
        Timeline = new Timeline(_time);
        var agents = make(Timeline);
        _graphs = new GraphRegistry(agents);
        _stores = RuntimeStores.InMemory(_time);
        Agent = agents[0].Id.Value;
        _journal = new ScenarioJournal(Timeline);
        foreach (var script in options.Scripts)
            script.Join(Timeline);
    }

    /// <summary>How long, by the clock on the wall, a scenario waits for what must come by itself.</summary>
    /// <value>10 s; nothing that works takes a second.</value>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The agent that is asked when a test names none: the first that was given.</summary>
    public string Agent { get; }

    /// <summary>What happened so far.</summary>
    public Timeline Timeline { get; }

    /// <summary>The clock of the runtime; agents that wait by it wait for <see cref="PassAsync"/>.</summary>
    public TimeProvider Time => _time;

    /// <summary>The runtime, for what the scenario has no word for.</summary>
    public ActorRunsRuntime Runtime => _runtime ?? throw new ObjectDisposedException(nameof(Scenario));

    /// <summary>The actors' test kit, in the runtime's system: for probes.</summary>
    public Akka.TestKit.Xunit2.TestKit Kit => _kit ?? throw new ObjectDisposedException(nameof(Scenario));

    /// <summary>Begins a scenario with the ready agent on a scripted model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tools">Its tools, scripted or real.</param>
    public static Task<Scenario> GivenAsync(ScriptedModel model, params AITool[] tools) => GivenAsync(
        ChatAgent.Create(AgentName, model, new ChatAgentOptions { Tools = tools }),
        new ScenarioOptions { Scripts = [model, .. tools.Select(Script).OfType<IScripted>()] });

    /// <summary>Begins a scenario with an agent.</summary>
    public static Task<Scenario> GivenAsync(AgentGraph agent, ScenarioOptions? options = null) =>
        GivenAsync([agent], options);

    /// <summary>Begins a scenario with several agents; the first one is asked when a test names none.</summary>
    public static Task<Scenario> GivenAsync(IReadOnlyList<AgentGraph> agents, ScenarioOptions? options = null) =>
        GivenAsync(_ => agents, options ?? new ScenarioOptions());

    /// <summary>Makes a thread.</summary>
    public async Task<ScenarioThread> ThreadAsync()
    {
        var thread = Runtime.Ids.NewThreadId();
        _threads.Add(thread);
        await AskAsync<ThreadRead>(new BeginThread(thread, RunRequest.NoMetadata, MayExist: false));
        return new ScenarioThread(this, thread);
    }

    /// <summary>Lets time pass, and with it whatever falls due.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await SettleAsync(); // What has just been told may be about to set a timer.
        Timeline.Note($"{time} pass");
        var stride = TimeSpan.FromTicks(Math.Max(Stride.Ticks, time.Ticks / 100));
        for (var left = time; left > TimeSpan.Zero; left -= stride)
        {
            var step = left < stride ? left : stride;
            _time.Advance(step);
            ((TestScheduler)Runtime.System.Scheduler).Advance(step);
            await SettleAsync();
        }
    }

    /// <summary>
    /// Loses the process, and starts another one on what the first had recorded. What it had not recorded is gone.
    /// </summary>
    public async Task LoseProcessAsync()
    {
        Timeline.OnLoss();
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Lets the journal fail at its next writes, as a full disk does.</summary>
    /// <param name="writes">How many.</param>
    public void FailWrites(int writes)
    {
        Timeline.Note($"the next {writes} writes fail");
        _journal.FailNext(writes);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _journal.Dispose();
    }

    /// <summary>Completes when something more is recorded.</summary>
    internal Task Recorded => _journal.More;

    /// <summary>Begins a scenario with agents that are made for it.</summary>
    internal static async Task<Scenario> GivenAsync(
        Func<Timeline, IReadOnlyList<AgentGraph>> agents, ScenarioOptions options)
    {
        var scenario = new Scenario(agents, options);
        await scenario.StartAsync();
        return scenario;
    }

    /// <summary>The facts of a thread, in order.</summary>
    internal IReadOnlyList<(long SequenceNr, ThreadEvent Fact)> FactsOf(ThreadId thread) => _journal.FactsOf(thread);

    internal async Task<T> AwaitFactAsync<T>(ThreadId thread, Func<T, bool>? which)
        where T : ThreadEvent
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            return (T)await _journal.AwaitAsync(
                thread, fact => fact is T one && which?.Invoke(one) is not false, late.Token);
        }
        catch (OperationCanceledException cause)
        {
            throw Timeline.Failure($"No {typeof(T).Name} of that kind is recorded.", thread, cause);
        }
    }

    internal async Task<T> AskAsync<T>(IThreadMessage message)
        where T : class => await AskAsync(message) switch
        {
            T answer => answer,
            Refused(var reason) => throw Timeline.Failure($"{Name(message)} is refused: {reason}", message.ThreadId),
            Status.Failure failure =>
                throw Timeline.Failure(
                    $"{Name(message)} fails: {failure.Cause.Message}", message.ThreadId, failure.Cause),
            var other => throw Timeline.Failure($"{Name(message)} is answered by {other}", message.ThreadId),
        };

    internal async Task<object> AskAsync(IThreadMessage message)
    {
        await SeeLifeAsync();
        try
        {
            return await Runtime.Threads.Ask<object>(message, Never).WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw Timeline.Failure($"{Name(message)} is not answered", message.ThreadId, late);
        }
    }

    /// <summary>Waits until whatever was told to threads before has got its turn.</summary>
    public async Task SettleAsync()
    {
        // Who is asked after others were gets its turn after them, and no actor answers in the middle of what it does.
        for (var turn = 0; turn < Turns; turn++)
        {
            await IdentifyAsync(Runtime.Threads.Ask<ActorIdentity>(new Identify(turn), Never));
            foreach (var thread in _threads)
            {
                await IdentifyAsync(Runtime.System.ActorSelection(Runtime.Threads.Path / $"{thread}")
                    .Ask<ActorIdentity>(new Identify(turn), Never));
            }
        }

        await SeeLifeAsync();
    }

    /// <summary>Waits until the timeline has seen which children are alive.</summary>
    private Task SeeLifeAsync() => IdentifyAsync(_watcher!.Ask<ActorIdentity>(new Identify(null), Never)); // Started.

    private static Task IdentifyAsync(Task<ActorIdentity> identity) =>
        identity.WaitAsync(Patience, TimeProvider.System);

    private static string Name(IThreadMessage message) => message.GetType().Name;

    private static IScripted? Script(AITool tool) => tool as IScripted ?? tool.GetService<ScriptedTool>();

    private async Task StartAsync()
    {
        var config = ConfigurationFactory.ParseString(_options.Hocon)
            .WithFallback(_journal.Configure())
            .WithFallback(ConfigurationFactory.ParseString(Hocon));
        _runtime = await ActorRunsRuntime.StartAsync(config, _graphs, _stores, _time, CancellationToken.None);
        _kit = new Akka.TestKit.Xunit2.TestKit(_runtime.System, _options.Output);
        _watcher = _runtime.System.ActorOf(Props.Create(() => new LifeWatcher(Timeline)), "scenario-life");
        _runtime.System.EventStream.Subscribe(_watcher, typeof(AttemptBegan));
        _runtime.System.EventStream.Subscribe(_watcher, typeof(AttemptGone));
    }

    private async Task StopAsync()
    {
        if (_runtime is { } runtime)
            await runtime.DisposeAsync();
        _kit?.Dispose();
        (_runtime, _kit) = (null, null);
    }

    /// <summary>Tells the timeline which child is alive.</summary>
    private sealed class LifeWatcher(Timeline timeline) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case AttemptBegan born:
                    timeline.OnBirth(born);
                    break;
                case AttemptGone gone:
                    timeline.OnDeath(gone);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }
}
