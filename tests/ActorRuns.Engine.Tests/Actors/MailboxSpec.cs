using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>Mailboxes that are full, crowded, closed or greedy.</summary>
public sealed class MailboxSpec : ContractTest
{
    private sealed record Numbered(int Sender, int Number);

    [Fact]
    public void A_mailbox_holds_a_million_messages()
    {
        const int count = 1_000_000;
        using var gate = new ManualResetEventSlim();
        var last = 0;
        var actor = ActorDoing((_, message) =>
        {
            gate.Wait(Patience);
            Assert.Equal(last + 1, message);
            if (++last == count)
                TestActor.Tell("all");
        });

        for (var number = 1; number <= count; number++)
            actor.Tell(number);
        gate.Set();

        ExpectMsg("all", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Threads_that_tell_at_the_same_time_lose_nothing_and_keep_their_order()
    {
        const int senders = 8;
        const int each = 20_000;
        var (lasts, left) = (new int[senders], senders * each);
        var actor = ActorDoing((_, message) =>
        {
            var (sender, number) = (Numbered)message;
            Assert.Equal(++lasts[sender], number);
            if (--left == 0)
                TestActor.Tell("all");
        });

        Parallel.For(0, senders, sender =>
        {
            for (var number = 1; number <= each; number++)
                actor.Tell(new Numbered(sender, number), ActorRefs.NoSender);
        });

        ExpectMsg("all", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Every_message_is_handled_or_a_dead_letter_when_the_actor_stops_under_load()
    {
        const int count = 20_000;
        var (handled, dead) = (0, 0);
        var counter = ActorDoing((context, message) =>
        {
            dead++;
            if (message is DeadLetter { Message: "last" })
                TestActor.Tell((handled, dead - 1));
        });
        Sys.EventStream.Subscribe(counter, typeof(DeadLetter));
        var actor = ActorDoing((context, message) =>
        {
            handled++;
            if (message is "stop")
                context.Stop(context.Self);
        });

        for (var number = 1; number <= count; number++)
            actor.Tell(number == count / 2 ? "stop" : number, ActorRefs.NoSender);
        Watch(actor);
        ExpectTerminated(actor);
        actor.Tell("last");

        var (alive, lost) = ExpectMsg<(int, int)>();
        Assert.Equal(count, alive + lost);
    }

    [Fact]
    public async Task Actors_that_keep_each_other_busy_leave_room_for_the_rest_of_the_process()
    {
        using var stop = new CancellationTokenSource();
        for (var pair = 0; pair < 2 * Environment.ProcessorCount; pair++)
        {
            var (ping, pong) = (Bouncing(), Bouncing());
            ping.Tell("ball", pong);
        }

        var others = Enumerable.Range(0, 20).Select(_ => Task.Run(() => { }));

        await Task.WhenAll(others).WaitAsync(Patience);
        await stop.CancelAsync();

        IActorRef Bouncing() => ActorDoing((context, message) =>
        {
            if (!stop.IsCancellationRequested)
                context.Sender.Tell(message);
        });
    }

    [Fact]
    public void A_message_must_not_be_null()
    {
        var actor = Sys.ActorOf(Props.Create<Echo>());

        Assert.Throws<InvalidMessageException>(() => actor.Tell(null!));
    }

    [Fact]
    public void What_is_put_back_comes_before_what_waits_in_the_order_of_a_stack()
    {
        var queue = new MessageQueue();
        queue.Enqueue(new Envelope("waiting", null));
        queue.EnqueueFirst(new Envelope("second", null));
        queue.EnqueueFirst(new Envelope("first", null));

        var taken = new List<object>();
        while (queue.TryDequeue(out var envelope))
            taken.Add(envelope.Message);

        Assert.Equal(["first", "second", "waiting"], taken);
        Assert.True(queue.IsEmpty);
    }
}
