using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Requests that are sent twice, and requests that are only meant for what their sender has seen.</summary>
public sealed class IdempotencySpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void The_same_request_under_the_same_key_is_one_run()
    {
        Send(1, "key", "body");

        Assert.Equal(new Decision.Ignore(), Send(2, "key", "body"));
        Assert.Equal(Notation.Run(1), _scene.Ledger.Keys["key"].RunId);
    }

    [Fact]
    public void Another_request_under_the_same_key_is_refused()
    {
        Send(1, "key", "body");

        Assert.Equal(Refused(new Refusal.KeyUsed("key", Notation.Run(1))), Send(2, "key", "other body"));
    }

    [Fact]
    public void The_same_request_under_another_key_is_another_run()
    {
        Send(1, "key", "body");
        Send(2, "other key", "body");

        Assert.Equal(("running", "pending"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_key_outlives_the_process()
    {
        Send(1, "key", "body");
        _scene.Crash();

        Assert.Equal(new Decision.Ignore(), Send(2, "key", "body"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_outlives_its_run(bool undone)
    {
        Send(1, "key", "body");
        _ = undone ? _scene.Undo(1) : _scene.Delete(1);

        Assert.Equal(new Decision.Ignore(), Send(2, "key", "body"));
    }

    [Fact]
    public void A_request_that_was_refused_leaves_its_key_free()
    {
        _scene.Send(1);
        Submit(2, "key", "body", MultitaskStrategy.Reject);
        _scene.ModelAnswers();

        Submit(3, "key", "body", MultitaskStrategy.Reject);

        Assert.Equal("running", _scene[3]);
    }

    [Fact]
    public void A_request_that_is_sent_again_is_not_measured_against_what_it_changed_itself()
    {
        Submit(1, "key", "body", MultitaskStrategy.Reject, ThreadStatus.Idle);

        Assert.Equal(new Decision.Ignore(), Submit(1, "key", "body", MultitaskStrategy.Reject, ThreadStatus.Idle));
    }

    [Fact]
    public void A_thread_that_is_deleted_takes_its_keys_with_it()
    {
        Send(1, "key", "body");
        _scene.Do(new ThreadCommand.DeleteThread());

        Send(2, "key", "body");

        Assert.Equal("running", _scene[2]);
    }

    [Fact]
    public void A_run_is_taken_when_the_thread_is_at_what_its_sender_has_seen()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        Submit(2, "key", "body", MultitaskStrategy.Enqueue, ThreadStatus.Idle, ThreadStatus.Interrupted);

        Assert.Equal("running", _scene[2]);
    }

    [Fact]
    public void A_run_is_refused_when_the_thread_is_at_something_else()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        var decision = Submit(2, "key", "body", MultitaskStrategy.Enqueue, ThreadStatus.Idle);

        Assert.Equal(
            Refused(new Refusal.ThreadStatusMismatch(Scene.ThreadId, ThreadStatus.Interrupted)), decision);
    }

    private Decision Send(int run, string key, string fingerprint) =>
        Submit(run, key, fingerprint, MultitaskStrategy.Enqueue);

    private Decision Submit(
        int run, string key, string fingerprint, MultitaskStrategy strategy, params ThreadStatus[] ifStatus)
    {
        var request = Scene.Request(run) with
        {
            Input = Scene.Saying(run),
            Strategy = strategy,
            Idempotency = new Idempotency(key, fingerprint),
        };
        return _scene.Do(new ThreadCommand.SubmitRun(request, request.Metadata, CreatesThread: true)
        {
            IfStatus = [.. ifStatus],
        });
    }

    private static Decision.Refuse Refused(Refusal reason) => new(reason);
}
