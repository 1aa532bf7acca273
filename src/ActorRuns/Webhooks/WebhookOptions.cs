namespace ActorRuns.Webhooks;

/// <summary>How often webhooks are told what they do not take, and when.</summary>
public sealed class WebhookOptions
{
    /// <summary>How often one is tried before it is given up.</summary>
    /// <value>Default 8, which with the default pauses is some two minutes; from 1 to 100.</value>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The pause after the first try; each further one is twice as long.</summary>
    /// <value>Default 1 s; from 10 ms to 1 h.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause.</summary>
    /// <value>Default 5 min; from 10 ms to 1 day.</value>
    public TimeSpan LastPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause after a try.</summary>
    /// <param name="attempt">The try, counted from 1.</param>
    public TimeSpan PauseAfter(int attempt)
    {
        var pause = FirstPause;
        for (var doubled = 1; doubled < attempt && pause < LastPause; doubled++)
            pause *= 2;
        return pause < LastPause ? pause : LastPause;
    }
}
