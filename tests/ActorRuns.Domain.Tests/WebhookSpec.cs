using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Whoever asked for it is told how a run ended, and it is recorded what came of that.</summary>
public sealed class WebhookSpec
{
    private static readonly Uri Hook = new("https://a.example/hook");

    private readonly Scene _scene = new();

    [Fact]
    public void A_run_without_a_webhook_owes_nothing()
    {
        _scene.Send(1);
        _scene.ModelAnswers();

        Assert.Empty(_scene.Ledger.OwedWebhooks);
        Assert.Null(_scene.Ledger.Runs[Notation.Run(1)].Webhook);
    }

    [Theory]
    [InlineData("answers", RunStatus.Success)]
    [InlineData("asks", RunStatus.Success)]
    [InlineData("fails", RunStatus.Error)]
    [InlineData("is cancelled", RunStatus.Interrupted)]
    [InlineData("is superseded", RunStatus.Interrupted)]
    [InlineData("is undone", RunStatus.Interrupted)]
    public void However_a_run_ends_its_webhook_is_owed_the_word(string how, RunStatus status)
    {
        Send(1);
        _ = how switch
        {
            "answers" => _scene.ModelAnswers(),
            "asks" => _scene.Asks("agent"),
            "fails" => _scene.Fails(),
            "is cancelled" => _scene.Cancel(1),
            "is superseded" => _scene.Send(2, MultitaskStrategy.Interrupt),
            _ => _scene.Undo(1),
        };

        var owed = Assert.Single(_scene.Ledger.OwedWebhooks).Value;
        Assert.Equal((Hook, Notation.Run(1), status), (owed.Target, owed.Run.Id, owed.Run.Status));
    }

    [Fact]
    public void What_is_owed_is_the_state_as_the_run_left_it()
    {
        Send(1);
        _scene.ModelAnswers();
        _scene.Send(2);
        _scene.ModelAnswers();

        Assert.Equal("H1 A", Notation.Write(ValuesOf(1)));
    }

    [Fact]
    public void A_run_that_never_began_or_was_undone_has_left_no_state()
    {
        _scene.Send(1);
        Send(2);
        _scene.Cancel(2);
        Send(3);
        _scene.Undo(3);

        Assert.Null(Owed(2).Values);
        Assert.Null(Owed(3).Values);
    }

    [Fact]
    public void What_a_human_is_asked_is_told()
    {
        Send(1);
        _scene.Asks("agent");

        Assert.Equal("ask-agent", Assert.Single(Owed(1).Interrupts).Id);
    }

    [Fact]
    public void A_thread_that_owes_a_word_wakes_by_itself_and_waits_for_no_run()
    {
        Send(1);
        _scene.ModelAnswers();

        Assert.NotNull(_scene.Ledger.WakeAt);
        Assert.Null(_scene.Ledger.DueAt);
        Assert.Equal(ThreadStatus.Idle, _scene.Ledger.Status);
    }

    [Theory]
    [InlineData(null, WebhookStatus.Delivered)]
    [InlineData("It answered 500.", WebhookStatus.GivenUp)]
    public void What_comes_of_it_is_recorded_and_seen_at_the_run(string? failure, WebhookStatus status)
    {
        Send(1);
        _scene.ModelAnswers();
        Assert.Equal(WebhookStatus.Pending, _scene.Ledger.Runs[Notation.Run(1)].Webhook);

        Settle(1, failure);
        _scene.Crash();

        Assert.Equal(status, _scene.Ledger.Runs[Notation.Run(1)].Webhook);
        Assert.Empty(_scene.Ledger.OwedWebhooks);
        Assert.Null(_scene.Ledger.WakeAt);
    }

    [Fact]
    public void What_was_recorded_once_is_not_recorded_again()
    {
        Send(1);
        _scene.ModelAnswers();
        Settle(1, failure: null);

        Assert.Equal(new Decision.Ignore(), Settle(1, failure: "late"));
    }

    [Fact]
    public void A_crash_before_it_was_recorded_leaves_the_word_owed()
    {
        Send(1);
        _scene.ModelAnswers();
        _scene.Crash();

        Assert.Equal(RunStatus.Success, Owed(1).Run.Status);
    }

    [Fact]
    public void A_stateless_thread_stays_until_the_webhook_was_told()
    {
        _scene.Submit(Asking(1) with { IsStateless = true });
        _scene.ModelAnswers();
        Assert.True(_scene.Ledger.Exists);

        Settle(1, failure: null);

        Assert.False(_scene.Ledger.Exists);
    }

    [Fact]
    public void Who_deletes_the_run_or_the_thread_takes_the_word_back()
    {
        Send(1);
        Send(2);
        _scene.ModelAnswers();
        _scene.Delete(1);
        Assert.Empty(_scene.Ledger.OwedWebhooks);

        _scene.ModelAnswers();
        _scene.Do(new ThreadCommand.DeleteThread());

        Assert.Empty(_scene.Ledger.OwedWebhooks);
        Assert.Equal(new Decision.Ignore(), Settle(2, failure: null));
    }

    private static RunRequest Asking(int run) => Scene.Request(run) with { Webhook = Hook, Input = Scene.Saying(run) };

    private void Send(int run) => _scene.Submit(Asking(run));

    private OwedWebhook Owed(int run) => _scene.Ledger.OwedWebhooks[Notation.Run(run)];

    private ChannelValues ValuesOf(int run) =>
        Owed(run).Values ?? throw new InvalidOperationException($"Run {run} left no state.");

    private Decision Settle(int run, string? failure) =>
        _scene.Do(new ThreadCommand.SettleWebhook(Notation.Run(run), Attempts: 1, failure));
}
