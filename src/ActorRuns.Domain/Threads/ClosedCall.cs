using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>Tells the results that a stopped run's open calls were given from those of tools.</summary>
public static class ClosedCall
{
    /// <summary>True when no tool has said this: the call was closed when its run was stopped, or skipped.</summary>
    public static bool IsResultOf(Message result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Type is MessageType.Tool
            && result.Text
                is TranscriptCloser.NotStarted or TranscriptCloser.EffectsUnknown or TranscriptCloser.Skipped;
    }
}
