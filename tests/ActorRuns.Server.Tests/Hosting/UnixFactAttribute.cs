using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

/// <summary>A test that sends a signal; shown as skipped where there are none.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no SIGTERM.";
    }
}
