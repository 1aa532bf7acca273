using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.TestKit;
using Xunit;

namespace ActorRuns.Engine.Tests.TestKit;

/// <summary>The clock that tests move, where the engine contract is silent.</summary>
public sealed class TestSchedulerSpec()
    : ContractTest($"akka.scheduler.implementation = {ClassName<TestScheduler>()}")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void One_step_ticks_as_often_as_several()
    {
        Clock.ScheduleTellRepeatedly(Second, Second, TestActor, "tick", ActorRefs.NoSender);

        Clock.Advance(5 * Second);

        Assert.Equal(5, ReceiveN(5).Count);
        ExpectNoMsg(Moment);
    }

    [Fact]
    public void Each_thing_happens_at_its_own_time()
    {
        var start = Clock.Now;
        var times = new List<TimeSpan>();
        Clock.Advanced.ScheduleRepeatedly(Second, 2 * Second, () => times.Add(Clock.Now - start));

        Clock.Advance(6 * Second);

        Assert.Equal([Second, 3 * Second, 5 * Second], times);
        Assert.Equal(6 * Second, Clock.Now - start);
    }

    [Fact]
    public void What_is_scheduled_on_the_way_happens_in_the_same_step()
    {
        var happened = new List<string>();
        Clock.Advanced.ScheduleOnce(Second, () =>
        {
            happened.Add("first");
            Clock.Advanced.ScheduleOnce(Second, () => happened.Add("second"));
        });

        Clock.Advance(2 * Second);

        Assert.Equal(["first", "second"], happened);
    }

    [Fact]
    public void Time_can_be_moved_to_a_date()
    {
        var noon = Clock.Now + TimeSpan.FromHours(12);

        Clock.AdvanceTo(noon);

        Assert.Equal(noon, Clock.Now);
    }

    [Fact]
    public void Time_never_goes_back() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Clock.Advance(-Second));
}
