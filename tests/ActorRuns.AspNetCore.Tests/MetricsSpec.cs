using System.Globalization;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What <c>GET /metrics</c> tells those who run the server.</summary>
public sealed class MetricsSpec : ApiTest
{
    [Fact]
    public async Task What_is_measured_is_told_in_the_text_format_with_its_help_and_its_type()
    {
        var answer = await GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.Contains("# TYPE actorruns_run_queue_wait_seconds histogram\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("# TYPE actorruns_runs_active gauge\n", answer.Body, StringComparison.Ordinal);
        Assert.Contains("# TYPE actorruns_webhooks_settled_total counter\n", answer.Body, StringComparison.Ordinal);
        Assert.All(
            answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Matches(
                """^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.eE+-]+)$""", line));
    }

    [Fact]
    public async Task Runs_are_counted_while_they_are_at_work_and_by_how_they_ended()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread);
        await NewRunAsync(thread);
        var visit = Graph.Next();

        Assert.Equal(1, await ValueAsync("actorruns_runs_active"));
        Assert.Equal(1, await ValueAsync("actorruns_runs_ended_total{status=\"success\"}"));
        Assert.Equal(2, await ValueAsync("actorruns_run_queue_wait_seconds_count"));

        await NewRunAsync(thread, options: ""","multitask_strategy":"interrupt" """);
        await visit.Cancelled.Task.WaitAsync(Patience);
        Graph.Next();

        Assert.Equal(1, await ValueAsync("actorruns_runs_ended_total{status=\"interrupted\"}"));
        Assert.Equal(1, await ValueAsync("actorruns_interrupt_latency_seconds_count"));
        Assert.Equal(1, await ValueAsync("actorruns_runs_active"));
    }

    [Fact]
    public async Task Readers_are_counted_while_they_read()
    {
        var thread = await NewThreadAsync();
        using (var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi")))
        {
            await stream.UntilAsync("event: values");
            Assert.Equal(1, await ValueAsync("actorruns_stream_readers"));
        }

        while (await ValueAsync("actorruns_stream_readers") > 0)
            await Task.Yield();
    }

    [Fact]
    public async Task What_is_recorded_as_one_is_measured()
    {
        await NewThreadAsync();

        Assert.Equal(1, await ValueAsync("actorruns_thread_batch_size_bucket{le=\"1\"}"));
        Assert.Equal(1, await ValueAsync("actorruns_thread_batch_size_sum"));
    }

    [Fact]
    public async Task Webhooks_are_counted_by_what_came_of_them()
    {
        await FinishedRunAsync(await NewThreadAsync(), options: ""","webhook":"https://user.example/" """);
        Hooks.Next().Take();

        while (await ValueAsync("actorruns_webhooks_settled_total{outcome=\"delivered\"}") is null)
            await Task.Yield();
        Assert.Equal(1, await ValueAsync("actorruns_webhooks_settled_total{outcome=\"delivered\"}"));
    }

    /// <summary>The value of a line; null when there is none.</summary>
    private async Task<double?> ValueAsync(string name)
    {
        var line = (await GetAsync("/metrics")).Body.Split('\n')
            .FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
