using System.Threading.Channels;

namespace ActorRuns.TestKit;

/// <summary>Where calls wait for the test, in their order.</summary>
/// <typeparam name="T">The calls.</typeparam>
/// <param name="what">What a call is, for the failure that none came.</param>
internal sealed class Gate<T>(string what)
{
    private readonly Channel<T> _calls = Channel.CreateUnbounded<T>();

    /// <summary>The scenario's timeline; null until the script is part of one.</summary>
    public Timeline? Timeline { get; set; }

    public void Hold(T call) => _calls.Writer.TryWrite(call); // It is unbounded, and never closed.

    /// <summary>The next call that waits, once it is there.</summary>
    /// <exception cref="ScenarioException">None came within the patience of the scenario.</exception>
    public async Task<T> NextAsync()
    {
        try
        {
            return await _calls.Reader.ReadAsync().AsTask().WaitAsync(Scenario.Patience, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw Failure($"{what} within {Scenario.Patience.TotalSeconds:0} s.", late);
        }
    }

    public ScenarioException Failure(string message, Exception? cause = null) =>
        Timeline?.Failure(message, thread: null, cause) ?? new ScenarioException(message, cause);
}

/// <summary>A scripted part of an agent, whose calls are told in the timeline of its scenario.</summary>
public interface IScripted
{
    /// <summary>Makes it part of a scenario.</summary>
    internal void Join(Timeline timeline);
}
