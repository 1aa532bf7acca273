using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

/// <summary>A test that looks at a process from outside; shown as skipped where that cannot be done.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux shows the open files of a process in /proc.";
    }
}
