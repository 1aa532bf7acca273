namespace ActorRuns.Models;

/// <summary>
/// A model cannot be asked, or did not answer as it should; the message is for those who use the run.
/// </summary>
public sealed class ModelException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public ModelException(ModelFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What kind of fault it is.</summary>
    public ModelFailure Failure { get; }
}

/// <summary>Why a model did not answer.</summary>
public enum ModelFailure
{
    /// <summary>The configuration, or what a run chose, names no model that can be asked.</summary>
    Misconfigured,

    /// <summary>The provider does not take the key.</summary>
    Unauthorized,

    /// <summary>The provider does not know the model, or there is no such endpoint.</summary>
    NotFound,

    /// <summary>The provider does not take the request, however often it is sent.</summary>
    Refused,

    /// <summary>The provider asks to wait for longer than we do.</summary>
    RateLimited,

    /// <summary>The provider has a fault of its own.</summary>
    ProviderFailed,

    /// <summary>Nobody answers at the endpoint.</summary>
    Unreachable,

    /// <summary>The answer did not begin in time, or stopped coming.</summary>
    TimedOut,

    /// <summary>The answer broke off, or is none.</summary>
    BrokenAnswer,
}
