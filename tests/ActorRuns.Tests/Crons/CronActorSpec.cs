using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Cluster;
using ActorRuns.Crons;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Tests.Crons;

/// <summary>What crons do as time passes. Clock and timers stand still until the test moves them.</summary>
public sealed class CronActorSpec : RuntimeTest
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly FailingCronStore _store = new();
    private readonly TestProbe _threads;
    private readonly TestProbe _rests;
    private readonly AssistantCatalog _assistants;
    private IActorRef _actor = ActorRefs.Nobody;

    public CronActorSpec()
        : base($"akka.scheduler.implementation = \"{typeof(TestScheduler).AssemblyQualifiedName}\"")
    {
        _threads = CreateTestProbe();
        _rests = CreateTestProbe();
        Sys.EventStream.Subscribe(_rests, typeof(CronsAtRest));
        _assistants = new AssistantCatalog(Services.Graphs, new MemoryAssistantStore(), Ids, _time);
    }

    [Fact]
    public async Task A_run_is_created_when_its_time_has_come_and_not_before()
    {
        var cron = await AddAsync("0 13 * * *");
        StartAndRest();

        MoveTo(Noon.AddMinutes(59));
        _threads.ExpectNoMsg(TimeSpan.Zero);
        MoveTo(Noon.AddHours(1));

        var submit = _threads.ExpectMsg<SubmitRun>();
        Assert.Equal(RuntimeIds.CronRun(cron.Id, Noon.AddHours(1)), submit.Request.RunId);
        Assert.Equal(Noon.AddHours(25), (await AcceptAsync(submit)).NextRunAt);
    }

    [Fact]
    public async Task A_run_has_what_its_cron_asks_and_what_its_assistant_says()
    {
        var cron = await AddAsync("0 13 * * *", cron => cron with
        {
            Request = cron.Request with
            {
                Input = Json("""{"messages":[]}"""),
                Config = Json("""{"configurable":{"tone":"dry"}}"""),
                Metadata = None.Add("k", Json("1")),
            },
        });
        StartAndRest();

        MoveTo(Noon.AddHours(1));

        var submit = _threads.ExpectMsg<SubmitRun>();
        var configurable = submit.Request.Config.GetProperty("configurable");
        Assert.Equal("""{"messages":[]}""", submit.Request.Input.GetRawText());
        Assert.Equal("dry", configurable.GetProperty("tone").GetString());
        Assert.Equal($"{submit.ThreadId}", configurable.GetProperty("thread_id").GetString());
        Assert.Equal($"{cron.Id}", submit.Request.Metadata["actorruns_cron_id"].GetString());
        Assert.Equal("gated", submit.Request.Metadata["graph_id"].GetString());
        Assert.Equal("system", submit.AssistantMetadata["created_by"].GetString());
    }

    [Fact]
    public async Task Without_a_thread_each_run_has_one_of_its_own()
    {
        await AddAsync("@hourly");
        StartAndRest();

        var first = await NextAsync(Noon.AddHours(1));
        var second = await NextAsync(Noon.AddHours(2));

        Assert.True(first.CreatesThread);
        Assert.NotEqual(first.ThreadId, second.ThreadId);
        Assert.NotEqual(first.Request.RunId, second.Request.RunId);
    }

    [Fact]
    public async Task With_a_thread_each_run_is_on_it_and_does_not_make_it()
    {
        var thread = Ids.NewThreadId();
        await AddAsync("@hourly", cron => cron with { ThreadId = thread });
        StartAndRest();

        var first = await NextAsync(Noon.AddHours(1));
        var second = await NextAsync(Noon.AddHours(2));

        Assert.Equal([thread, thread], [first.ThreadId, second.ThreadId]);
        Assert.False(first.CreatesThread);
    }

    [Fact]
    public async Task A_slot_that_was_fired_when_the_process_was_lost_is_fired_as_the_same_run()
    {
        await AddAsync("@hourly");
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var lost = _threads.ExpectMsg<SubmitRun>(); // Its answer never comes.
        LoseTheActor();

        Start();

        var again = _threads.ExpectMsg<SubmitRun>();
        Assert.Equal((lost.ThreadId, lost.Request.RunId), (again.ThreadId, again.Request.RunId));
    }

    [Fact]
    public async Task After_a_time_in_which_nobody_looked_the_last_slot_is_fired_once()
    {
        var cron = await AddAsync("@hourly");
        _time.SetUtcNow(Noon.AddDays(3).AddMinutes(10));

        Start();

        var submit = _threads.ExpectMsg<SubmitRun>();
        Assert.Equal(RuntimeIds.CronRun(cron.Id, Noon.AddDays(3)), submit.Request.RunId);
        Assert.Equal(Noon.AddDays(3).AddHours(1), (await AcceptAsync(submit)).NextRunAt);
        MoveTo(_time.GetUtcNow().AddMinutes(40));
        _threads.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_slot_beyond_the_longest_timer_is_not_missed()
    {
        await AddAsync("0 0 2 3 *");
        StartAndRest();

        for (var hour = 1; hour < 12; hour++)
        {
            MoveTo(Noon.AddHours(hour));
            Rest();
        }

        _threads.ExpectNoMsg(TimeSpan.Zero);
        MoveTo(Noon.AddHours(12));

        _threads.ExpectMsg<SubmitRun>();
    }

    [Fact]
    public async Task A_cron_that_is_made_earlier_than_all_others_is_waited_for()
    {
        await AddAsync("0 0 1 6 *");
        StartAndRest();
        var catalog = new CronCatalog(_store, _actor, _time);

        await catalog.AddAsync(Cron("5 12 * * *"), CancellationToken.None);
        Rest();
        MoveTo(Noon.AddMinutes(5));

        _threads.ExpectMsg<SubmitRun>();
    }

    [Fact]
    public async Task A_cron_that_is_switched_off_is_not_fired()
    {
        var cron = await AddAsync("5 12 * * *");
        StartAndRest();
        var catalog = new CronCatalog(_store, _actor, _time);

        await catalog.ChangeAsync(cron.Id, known => known with { IsEnabled = false }, CancellationToken.None);
        Rest();
        MoveTo(Noon.AddMinutes(5));
        Rest();

        _threads.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_cron_whose_thread_is_gone_is_switched_off()
    {
        var thread = Ids.NewThreadId();
        await AddAsync("@hourly", cron => cron with { ThreadId = thread });
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        _threads.ExpectMsg<SubmitRun>();

        var cron = await AnswerAsync(new Refused(new Refusal.ThreadNotFound(thread)));

        Assert.False(cron.IsEnabled);
        Assert.Null(cron.NextRunAt);
    }

    [Fact]
    public async Task A_cron_whose_assistant_is_gone_is_switched_off()
    {
        var nobody = new AssistantId(Guid.NewGuid());
        await AddAsync("@hourly", cron => cron with { Request = cron.Request with { AssistantId = nobody } });
        StartAndRest();

        MoveTo(Noon.AddHours(1));
        Rest();

        Assert.False((await ReadAsync()).IsEnabled);
    }

    [Fact]
    public async Task A_slot_whose_run_is_refused_is_left_out()
    {
        await AddAsync("@hourly", cron => cron with { ThreadId = Ids.NewThreadId() });
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();

        var cron = await AnswerAsync(new Refused(new Refusal.ThreadBusy(submit.ThreadId)));

        Assert.True(cron.IsEnabled);
        Assert.Equal(Noon.AddHours(2), cron.NextRunAt);
    }

    [Fact]
    public async Task A_slot_whose_run_could_not_be_recorded_is_tried_again()
    {
        await AddAsync("@hourly");
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();

        var failure = new JournalUnavailableException(submit.ThreadId, 1, new IOException("disk full"));
        var cron = await AnswerAsync(new Status.Failure(failure));
        Assert.Equal(Noon.AddHours(1), cron.NextRunAt);
        MoveTo(Noon.AddHours(1).AddSeconds(5));

        Assert.Equal(submit.Request.RunId, _threads.ExpectMsg<SubmitRun>().Request.RunId);
    }

    [Fact]
    public async Task Crons_that_cannot_be_read_are_tried_again()
    {
        await AddAsync("@hourly");
        _time.SetUtcNow(Noon.AddHours(1));
        _store.FailsOnce = true;
        StartAndRest();

        MoveTo(Noon.AddHours(1).AddSeconds(5));

        _threads.ExpectMsg<SubmitRun>();
    }

    [Fact]
    public async Task The_slot_of_a_cron_that_changed_meanwhile_stays_as_it_was_changed()
    {
        var cron = await AddAsync("@hourly");
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();

        await new CronCatalog(_store, ActorRefs.Nobody, _time).ChangeAsync(
            cron.Id, known => known with { Schedule = CronSchedule.Parse("0 0 1 6 *") }, CancellationToken.None);

        Assert.Equal(6, (await AcceptAsync(submit)).NextRunAt?.Month);
    }

    [Fact]
    public async Task A_run_of_a_cron_is_executed_and_its_thread_is_gone_with_its_end()
    {
        await AddAsync("@hourly", cron => cron with
        {
            Request = cron.Request with { Input = Say("hi").Input, IsStateless = true },
        });
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();

        Region.Tell(submit, TestActor);
        ExpectMsg<RunAccepted>();
        var visit = Graph.Next();
        Assert.Equal("hi", visit.Says);
        var end = EndOf(submit.ThreadId, submit.Request.RunId);
        visit.Answer("hello");

        await end;
        Region.Tell(new ReadThread(submit.ThreadId), TestActor);
        ExpectMsg<Refused>();
    }

    [Fact]
    public async Task A_slot_that_is_fired_again_after_its_run_took_its_thread_with_it_runs_no_second_time()
    {
        await AddAsync("@hourly", cron => cron with
        {
            Request = cron.Request with { Input = Say("hi").Input, IsStateless = true },
        });
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();
        Region.Tell(submit, TestActor);
        ExpectMsg<RunAccepted>();
        var visit = Graph.Next();
        var end = EndOf(submit.ThreadId, submit.Request.RunId);
        visit.Answer("hello");
        await end;

        LoseTheProcess();
        Region.Tell(submit, TestActor);

        Assert.Equal(new Refusal.ThreadUsedUp(submit.ThreadId), ExpectMsg<Refused>().Reason);
        Assert.True(Graph.IsQuiet);
    }

    [Fact]
    public async Task A_slot_whose_run_has_ended_already_is_passed()
    {
        await AddAsync("@hourly");
        StartAndRest();
        MoveTo(Noon.AddHours(1));
        var submit = _threads.ExpectMsg<SubmitRun>();

        _threads.Reply(new Refused(new Refusal.ThreadUsedUp(submit.ThreadId)));
        _rests.ExpectMsg<CronsAtRest>();
        MoveTo(Noon.AddHours(2));

        var next = _threads.ExpectMsg<SubmitRun>();
        Assert.NotEqual(submit.ThreadId, next.ThreadId);
    }

    private Cron Cron(string schedule) => new()
    {
        Id = Ids.NewCronId(),
        Schedule = CronSchedule.Parse(schedule),
        Request = Say("hi"),
        CreatedAt = Noon,
        UpdatedAt = Noon,
    };

    private async Task<Cron> AddAsync(string schedule, Func<Cron, Cron>? refine = null)
    {
        var cron = (refine ?? (cron => cron))(Cron(schedule)).PlannedAfter(Noon);
        await _store.AddAsync(cron, CancellationToken.None);
        return cron;
    }

    private void Start() => _actor = Sys.ActorOf(CronActor.Props(
        new CronRound(_store, _assistants, _threads.Ref, ShardMap.Sole(), _time), _time));

    private void StartAndRest()
    {
        Start();
        Rest();
    }

    /// <summary>Waits until the actor has fired what is due, and waits for the next time.</summary>
    private void Rest() => _rests.ExpectMsg<CronsAtRest>();

    private void LoseTheActor()
    {
        Watch(_actor);
        Sys.Stop(_actor);
        ExpectTerminated(_actor);
    }

    private void MoveTo(DateTimeOffset time)
    {
        var offset = time - _time.GetUtcNow();
        _time.SetUtcNow(time);
        ((TestScheduler)Sys.Scheduler).Advance(offset);
    }

    private async Task<SubmitRun> NextAsync(DateTimeOffset slot)
    {
        MoveTo(slot);
        var submit = _threads.ExpectMsg<SubmitRun>();
        await AcceptAsync(submit);
        return submit;
    }

    /// <summary>Accepts a run, and returns the cron as it is then.</summary>
    private Task<Cron> AcceptAsync(SubmitRun submit) => AnswerAsync(new RunAccepted(
        new RunLedger(submit.Request, RunStatus.Pending, Attempt: 0, Noon, Noon, Noon, Cause: null, Supersedes: []),
        Stream: null));

    private async Task<Cron> AnswerAsync(object answer)
    {
        _threads.Reply(answer);
        Rest();
        return await ReadAsync();
    }

    private async Task<Cron> ReadAsync() =>
        Assert.Single((await _store.SearchAsync(new CronQuery { Limit = 2 }, CancellationToken.None)).Crons);

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
