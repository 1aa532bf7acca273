namespace ActorRuns.Runs;

/// <summary>Who said what a run does to others; the names are those of the wire, in lower case.</summary>
public enum StrategySource
{
    /// <summary>The run itself.</summary>
    Run,

    /// <summary>Its assistant.</summary>
    Assistant,

    /// <summary>Nobody, so that the server's default counts.</summary>
    Server,
}
