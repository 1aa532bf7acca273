using Akka.Persistence;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

public sealed class CircuitBreakerSpec
{
    private static readonly TimeSpan Reset = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerSpec() =>
        _breaker = new CircuitBreaker(maxFailures: 3, callTimeout: TimeSpan.FromSeconds(10), Reset, _time);

    [Fact]
    public void It_lets_calls_through_until_the_last_of_so_many_failures_in_a_row()
    {
        Fail(2);
        _breaker.Succeeded();
        Fail(2);
        Assert.Null(_breaker.TryEnter());

        Fail(1);

        Assert.Contains("failed 3 times in a row", _breaker.TryEnter()!.Message);
    }

    [Fact]
    public void After_the_reset_time_one_call_tries_and_its_success_lets_all_through()
    {
        Fail(3);
        _time.Pass(Reset);

        Assert.Null(_breaker.TryEnter());
        Assert.NotNull(_breaker.TryEnter());
        _breaker.Succeeded();

        Assert.Null(_breaker.TryEnter());
        Assert.Null(_breaker.TryEnter());
    }

    [Fact]
    public void When_the_try_fails_the_time_begins_anew()
    {
        Fail(3);
        _time.Pass(Reset);
        Assert.Null(_breaker.TryEnter());
        Fail(1);

        _time.Pass(Reset - TimeSpan.FromSeconds(1));
        Assert.NotNull(_breaker.TryEnter());
        _time.Pass(TimeSpan.FromSeconds(1));

        Assert.Null(_breaker.TryEnter());
    }

    [Fact]
    public async Task While_it_is_open_no_call_is_made()
    {
        Fail(3);
        var isCalled = false;

        await Assert.ThrowsAsync<OpenCircuitException>(() => _breaker.CallAsync(() =>
        {
            isCalled = true;
            return Task.CompletedTask;
        }));

        Assert.False(isCalled);
    }

    private void Fail(int times)
    {
        for (var time = 0; time < times; time++)
            _breaker.Failed();
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
