using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;
using Akka.Actor;
using Xunit;

namespace ActorRuns.Tests.Webhooks;

/// <summary>A webhook is told until it has taken the word, as often as is allowed, and in spite of a crash.</summary>
public sealed class WebhookActorSpec() : RuntimeTest(options: new RuntimeOptions
{
    PassivateAfter = TimeSpan.FromMilliseconds(50),
    StreamRetention = TimeSpan.Zero,
    RecordedStreamRetention = TimeSpan.Zero,
    Webhooks = new WebhookOptions
    {
        MaxAttempts = 3,
        FirstPause = TimeSpan.FromMilliseconds(10),
        LastPause = TimeSpan.FromMilliseconds(10),
    },
})
{
    private static readonly Uri Hook = new("https://user.example/hook?key=secret");

    [Fact]
    public void A_webhook_is_told_once_when_its_run_has_ended()
    {
        var (thread, run) = EndedRun();

        var call = Hooks.Next();
        call.Take();

        Assert.Equal((thread, run), (call.Thread, call.Owed.Run.Id));
        AwaitAssert(() => Assert.Equal(WebhookStatus.Delivered, Read(thread).Runs[run].Webhook));
        Assert.True(Hooks.IsQuiet);
    }

    [Fact]
    public void A_webhook_that_does_not_take_the_word_is_told_again()
    {
        var (thread, run) = EndedRun();

        Hooks.Next().Refuse();
        Hooks.Next().Break();
        Hooks.Next().Take();

        AwaitAssert(() => Assert.Equal(WebhookStatus.Delivered, Read(thread).Runs[run].Webhook));
    }

    [Fact]
    public void It_is_given_up_after_as_many_tries_as_are_allowed_and_the_log_says_so_without_its_address()
    {
        EventFilter.Warning(contains: "given up after attempt 3: It answered 500.").ExpectOne(() =>
        {
            var (thread, run) = EndedRun();
            Hooks.Next().Refuse();
            Hooks.Next().Refuse();
            Hooks.Next().Refuse();

            AwaitAssert(() => Assert.Equal(WebhookStatus.GivenUp, Read(thread).Runs[run].Webhook));
        });
        Assert.True(Hooks.IsQuiet);
    }

    [Fact]
    public void It_is_given_up_at_once_when_trying_again_would_come_to_the_same()
    {
        var (thread, run) = EndedRun();

        Hooks.Next().Refuse(mayRetry: false);

        AwaitAssert(() => Assert.Equal(WebhookStatus.GivenUp, Read(thread).Runs[run].Webhook));
        Assert.True(Hooks.IsQuiet);
    }

    [Fact]
    public async Task A_process_that_is_lost_between_the_end_of_a_run_and_the_word_tells_it_when_it_comes_back()
    {
        var (thread, run) = EndedRun();
        var lost = Hooks.Next();

        LoseTheProcess();
        foreach (var unfinished in await Services.Index.FindUnfinishedAsync(CancellationToken.None))
            Region.Tell(new WakeThread(unfinished));
        var told = Hooks.Next();
        told.Take();

        Assert.True(lost.IsCancelled);
        Assert.Equal((thread, run, RunStatus.Success), (told.Thread, told.Owed.Run.Id, told.Owed.Run.Status));
        AwaitAssert(() => Assert.Equal(WebhookStatus.Delivered, Read(thread).Runs[run].Webhook));
    }

    [Fact]
    public void A_thread_stays_awake_while_a_webhook_is_told_and_takes_other_runs()
    {
        var (thread, _) = EndedRun();
        var call = Hooks.Next();
        var actor = ActorOf(thread);

        Watch(actor);
        ExpectNoMsg(Moment); // Three times as long as an idle thread stays.
        Converse(thread, "more?", "yes");
        call.Take();

        ExpectTerminated(actor);
    }

    [Fact]
    public void Who_deletes_the_thread_stops_the_telling()
    {
        var (thread, _) = EndedRun();
        var call = Hooks.Next();

        Region.Tell(new DeleteThread(thread), TestActor);
        ExpectMsg<Deleted>();

        AwaitAssert(() => Assert.True(call.IsCancelled));
    }

    private (ThreadId Thread, RunId Run) EndedRun()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("hi") with { Webhook = Hook });
        Graph.Next().Answer("hello");
        return (thread, run.Id);
    }
}
