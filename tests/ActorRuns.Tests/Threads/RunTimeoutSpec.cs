using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>The time that a run may take goes on while nobody is there to count it.</summary>
public sealed class RunTimeoutSpec : RuntimeTest
{
    [Fact]
    public async Task A_limit_counts_from_the_first_start_whatever_is_lost_in_between()
    {
        var thread = NewThread();
        var run = Submit(thread, Within(400));
        Graph.Next();
        var deadline = Read(thread).Deadline;

        LoseTheProcess();

        await EndOf(thread, run.Id);
        var ended = Read(thread).Runs[run.Id];
        Assert.Equal((RunStatus.Timeout, deadline), (ended.Status, ended.Deadline));
        Assert.IsType<RunCause.TimedOut>(ended.Cause);
    }

    [Fact]
    public async Task What_waits_behind_a_run_whose_time_is_up_begins()
    {
        var thread = NewThread();
        Submit(thread, Within(20));
        var first = Graph.Next();

        Submit(thread, Say("two"));

        Assert.Equal("two", Graph.Next().Says);
        await first.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private RunRequest Within(int milliseconds) => Say("one") with
    {
        Config = System.Text.Json.JsonElement.Parse($$"""{"timeout_ms":{{milliseconds}}}"""),
    };
}
