namespace ActorRuns.Webhooks;

/// <summary>How far a run's webhook has come.</summary>
public enum WebhookStatus
{
    /// <summary>The run has ended, and its webhook is still to be told.</summary>
    Pending,

    /// <summary>The webhook has taken it.</summary>
    Delivered,

    /// <summary>The webhook did not take it as often as it was tried.</summary>
    GivenUp,
}
