using ActorRuns.AspNetCore.Problems;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The one table that says what a refusal is on the wire.</summary>
public sealed class RefusalSpec
{
    private static readonly ThreadId Thread = new(new Guid("00000000-0000-0000-0000-000000000001"));
    private static readonly RunId Run = new(new Guid("00000000-0000-0000-0000-000000000002"));

    public static TheoryData<Refusal, int, string> Table => new()
    {
        { new Refusal.ThreadNotFound(Thread), 404, $"Thread with ID {Thread} not found" },
        { new Refusal.ThreadExists(Thread), 409, $"Thread with ID {Thread} already exists" },
        { new Refusal.RunNotFound(Run), 404, $"Run with ID {Run} not found" },
        {
            new Refusal.ThreadBusy(Thread), 409,
            $"Thread {Thread} is already running a task. "
            + "Wait for it to finish or choose a different multitask strategy."
        },
        { new Refusal.ThreadUsedUp(Thread), 409, $"Thread {Thread} was for one run, and is gone with it." },
        {
            new Refusal.ThreadStatusMismatch(Thread, ThreadStatus.Interrupted), 409,
            $"thread_status_mismatch: thread {Thread} is interrupted, not what if_thread_status asks for."
        },
        {
            new Refusal.RunBegan(Run, RunStatus.Running), 409,
            $"Run {Run} is running: only a run that waits for its turn can be edited or promoted."
        },
        {
            new Refusal.QueueChanged(Thread, [Run]), 409,
            $"The runs that wait on thread {Thread} are [{Run}]: run_ids must be these."
        },
        {
            new Refusal.KeyUsed("k", Run), 409,
            $"The Idempotency-Key 'k' was used for run {Run} with another body."
        },
        {
            new Refusal.NothingAsked(Thread), 409,
            $"Thread {Thread} waits for no answer: command.resume answers what a run has asked."
        },
        { new Refusal.UnknownGraph(new GraphId("poet")), 404, "No graph named 'poet' is registered" },
        { new Refusal.InvalidInput("input.messages", "a list"), 422, "input.messages: expected a list." },
        {
            new Refusal.ThreadElsewhere(Thread),
            503,
            $"Thread {Thread} is on its way from one member of the cluster to another; nothing was done"
        },
        { new Refusal.Overloaded(Thread), 503, $"Too many requests wait for thread {Thread}" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_refusal_has_one_status_and_says_what_it_is_about(Refusal refusal, int status, string detail)
    {
        var problem = Problem.Of(refusal);

        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    [Fact]
    public void Every_refusal_has_a_place_on_the_wire()
    {
        var kinds = typeof(Refusal).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Refusal)));

        Assert.Equal(
            kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal),
            Table.Select(row => row[0].GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_what_the_server_cannot_do_now_may_be_tried_again()
    {
        Assert.True(Problem.Unavailable("now").MayRetry);
        Assert.False(Problem.Conflict("busy").MayRetry);
        Assert.False(Problem.Fault().MayRetry);
    }

    [Fact]
    public void Several_faults_of_a_field_are_listed_under_it()
    {
        var problem = Problem.Invalid(("limit", "a number"), ("status", "a name"), ("limit", "at most 10"));

        Assert.Equal(["limit", "status"], problem.Errors.Keys);
        Assert.Equal(["expected a number", "expected at most 10"], problem.Errors["limit"].AsEnumerable());
        Assert.Equal("limit: expected a number. status: expected a name. limit: expected at most 10.", problem.Detail);
    }
}
