using System.Diagnostics;
using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>
/// What servers of the API can take, measured in turns so that what the machine does besides weighs on all alike.
/// </summary>
internal sealed class LoadComparison(IReadOnlyList<LoadTarget> targets, LoadSizes sizes)
{
    private const int RunsOfAThread = 5;

    /// <summary>Measures all servers, and prints the figures, with their ratios to the last one's.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var target in targets) // Warms up.
            await LoopAsync(8, sizes.WarmUp, loop => ConversationAsync(target, loop, cancellationToken));

        foreach (var threads in sizes.ThreadCounts)
        {
            await CompareRatesAsync($"create and join, {threads} threads", target =>
                LoopAsync(threads, sizes.Duration, loop => ConversationAsync(target, loop, cancellationToken)));
        }

        if (sizes.Streams is 0)
            return;

        await CompareTimesAsync($"first token, {sizes.Streams} streams at once", (target, sample) =>
            LoopAsync(sizes.Streams, sizes.Duration, loop => FirstTokenAsync(target, sample, loop, cancellationToken)));
        await CompareTimesAsync("second message -> first event of run 2", async (target, sample) =>
        {
            for (var i = 0; i < sizes.Interrupts; i++)
                await InterruptAsync(target, sample, cancellationToken);
        });
    }

    private async Task CompareRatesAsync(string what, Func<LoadTarget, Task<LoadRound>> measure)
    {
        var rates = targets.Select(target => new Rate($"{target.Name}, {what}", "runs")).ToList();
        var costs = targets.Select(_ => new RunCost()).ToList();
        for (var round = 0; round < sizes.Rounds; round++)
        {
            foreach (var ((target, rate), cost) in targets.Zip(rates).Zip(costs))
                rate.Add((await cost.MeasureAsync(target, measure)).PerSecond);
        }

        foreach (var (rate, cost) in rates.Zip(costs))
            Console.WriteLine($"{rate}   {cost}");
        foreach (var (target, rate) in targets.Zip(rates).SkipLast(1))
            PrintRatio(target, targets[^1], what, rate.Median / rates[^1].Median);
    }

    private async Task CompareTimesAsync(string what, Func<LoadTarget, Sample, Task> measure)
    {
        var samples = targets.Select(target => new Sample($"{target.Name}, {what}")).ToList();
        for (var round = 0; round < sizes.Rounds; round++)
        {
            foreach (var (target, sample) in targets.Zip(samples))
                await measure(target, sample);
        }

        foreach (var sample in samples)
            Console.WriteLine(sample);
        foreach (var (target, sample) in targets.Zip(samples).SkipLast(1))
            PrintRatio(target, targets[^1], $"{what}, p50", sample.Percentile(0.50) / samples[^1].Percentile(0.50));
    }

    private static void PrintRatio(LoadTarget target, LoadTarget other, string what, double ratio) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{target.Name} / {other.Name}, {what}: {ratio:G3}"));

    /// <summary>Lets so many users act one after the other's end, each for so long, and counts what they did.</summary>
    private static async Task<LoadRound> LoopAsync(int threads, TimeSpan duration, Func<LoadLoop, Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        var loops = Enumerable.Range(0, threads).Select(_ => new LoadLoop(start, duration)).ToList();
        await Task.WhenAll(loops.Select(async loop =>
        {
            while (!loop.IsOver)
                await act(loop);
        }));
        return new LoadRound(loops.Sum(loop => loop.Done), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>A thread of a few runs, each joined before the next one, as people's conversations are.</summary>
    private static async Task ConversationAsync(LoadTarget target, LoadLoop loop, CancellationToken cancellationToken)
    {
        var thread = await target.Api.CreateThreadAsync(cancellationToken);
        for (var i = 0; i < RunsOfAThread && !loop.IsOver; i++)
        {
            var run = await target.Api.CreateRunAsync(thread, LoadTarget.SanFrancisco, cancellationToken);
            await target.Api.JoinAsync(thread, run, cancellationToken);
            loop.Done++;
        }
    }

    private static async Task FirstTokenAsync(
        LoadTarget target, Sample sample, LoadLoop loop, CancellationToken cancellationToken)
    {
        var thread = await target.Api.CreateThreadAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var isFirst = true;
        await foreach (var name in target.Api.StreamAsync(thread, LoadTarget.Tokens, cancellationToken))
        {
            if (!isFirst || name is not "messages")
                continue;

            isFirst = false;
            lock (sample)
                sample.Since(start);
        }

        loop.Done++;
    }

    private static async Task InterruptAsync(LoadTarget target, Sample sample, CancellationToken cancellationToken)
    {
        var thread = await target.Api.CreateThreadAsync(cancellationToken);
        await foreach (var name in target.Api.StreamAsync(thread, LoadTarget.SlowTool, cancellationToken))
        {
            if (name is not "updates") // The model's step is committed, so the tool runs.
                continue;

            var start = Stopwatch.GetTimestamp();
            await foreach (var _ in target.Api.StreamAsync(thread, LoadTarget.Interrupting, cancellationToken))
            {
                sample.Since(start);
                return;
            }
        }

        throw new InvalidOperationException($"{target.Name} ended a run without an event.");
    }
}
