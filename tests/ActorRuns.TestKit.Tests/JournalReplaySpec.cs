using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.TestKit.Tests;

/// <summary>Journals of production, played again as tests. Examples to copy.</summary>
public sealed class JournalReplaySpec
{
    [Fact]
    public async Task An_exported_journal_is_decided_again_as_it_was()
    {
        var replay = JournalReplay.Parse(await ExportAsync(MultitaskStrategy.Interrupt));

        var replayed = await replay.PlayAsync();

        replayed.EndsAsRecorded();
        Assert.Equal(["interrupted, superseded", "success, finished"], replayed.Runs.Select(run => run.Now));
        Assert.Equal(
            ["human: weather in SF?", "ai calls search", "tool: sunny", "ai: In SF it ", "human: in NYC!", "ai: Rain."],
            replayed.Transcript);
    }

    [Fact]
    public async Task A_file_is_decided_as_it_was_and_by_another_strategy()
    {
        await File.WriteAllTextAsync("thread.ndjson", await ExportAsync(MultitaskStrategy.Interrupt));
        var replay = await JournalReplay.ReadAsync("thread.ndjson");

        (await replay.PlayAsync()).EndsAsRecorded();

        var redecided = await replay.PlayAsync(MultitaskStrategy.Enqueue);
        Assert.Equal(["success, finished", "success, finished"], redecided.Runs.Select(run => run.Now));
    }

    [Fact]
    public async Task With_the_queue_both_messages_would_have_been_answered()
    {
        var replay = JournalReplay.Parse(await ExportAsync(MultitaskStrategy.Interrupt));

        var replayed = await replay.PlayAsync(MultitaskStrategy.Enqueue);

        Assert.Equal(["success, finished", "success, finished"], replayed.Runs.Select(run => run.Now));
        Assert.Equal(["human: in NYC!", "ai: Rain."], replayed.Transcript.TakeLast(2));
        var different = Assert.Throws<ScenarioException>(replayed.EndsAsRecorded);
        Assert.Contains("ended as interrupted, superseded, and now as success, finished", different.Message);
    }

    [Theory]
    [InlineData(MultitaskStrategy.Reject, "success, finished", "refused")]
    [InlineData(MultitaskStrategy.Rollback, "undone", "success, finished")]
    public async Task With_another_strategy_the_runs_would_have_ended_otherwise(
        MultitaskStrategy strategy, string first, string second)
    {
        var replay = JournalReplay.Parse(await ExportAsync(MultitaskStrategy.Interrupt));

        var replayed = await replay.PlayAsync(strategy);

        Assert.Equal([first, second], replayed.Runs.Select(run => run.Now));
    }

    [Theory]
    [InlineData(MultitaskStrategy.Enqueue)]
    [InlineData(MultitaskStrategy.Rollback)]
    public async Task Whatever_the_strategy_was_it_is_decided_again_as_it_was(MultitaskStrategy strategy)
    {
        var replay = JournalReplay.Parse(await ExportAsync(strategy));

        (await replay.PlayAsync()).EndsAsRecorded();
    }

    [Fact]
    public async Task Cancels_edits_questions_lost_processes_and_failures_are_played_too()
    {
        var model = new ScriptedModel().Waits().Fails("no credit").CallsTool("ask").Waits().Answers("done");
        var ask = new ScriptedTool("ask").Otherwise(Asks);
        await using var scenario = await Scenario.GivenAsync(model, ask);
        var thread = await scenario.ThreadAsync();
        var cancelled = await thread.SaysAsync("one");
        await (await model.IsAskedAsync()).SaysAsync("I am ");
        await scenario.PassAsync(TimeSpan.FromSeconds(1));
        await cancelled.CancelsAsync();
        await (await thread.SaysAsync("two")).FailsAsync();
        await thread.EditsStateAsync(new { messages = new[] { new { role = "human", content = "by the way" } } });
        await (await thread.SaysAsync("three")).AsksAsync();
        var last = await thread.ResumesAsync("yes");
        await model.IsAskedAsync();
        await scenario.LoseProcessAsync();
        await last.SucceedsAsync();

        var replayed = await JournalReplay.Parse(await thread.ExportAsync()).PlayAsync((client, _) =>
            ChatAgent.Create("agent", client, new ChatAgentOptions { Tools = [ask] }));

        replayed.EndsAsRecorded();
        Assert.Equal(
            ["interrupted, cancelled", "error, failed", "success, askedhuman", "success, finished"],
            replayed.Runs.Select(run => run.Now));
    }

    [Fact]
    public async Task A_timeout_comes_when_its_time_has_passed()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();
        var run = await thread.SaysAsync("think");
        await model.IsAskedAsync();
        await scenario.PassAsync(TimeSpan.FromHours(1));
        await run.TimesOutAsync();

        var replayed = await JournalReplay.Parse(await thread.ExportAsync()).PlayAsync();

        replayed.EndsAsRecorded();
        Assert.Equal(RunStatus.Timeout, Assert.Single(replayed.Ledger.Runs.Values).Status);
    }

    [Fact]
    public async Task An_export_is_a_list_a_file_of_lines_or_facts_and_begins_with_the_first()
    {
        var lines = await ExportAsync(MultitaskStrategy.Enqueue);
        var facts = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, lines);

        var ofFile = await JournalReplay.ReadAsync(file);
        var ofList = JournalReplay.Parse($"[{string.Join(',', facts)}]");
        var ofFacts = JournalReplay.Of(facts.Select(fact => JsonElement.Parse(fact)));
        File.Delete(file);

        Assert.Equal(ofFile.RecordedTranscript, ofList.RecordedTranscript);
        Assert.Equal(ofFile.RecordedTranscript, ofFacts.RecordedTranscript);
        Assert.Equal(2, ofFile.Recorded.Runs.Count);
        Assert.Throws<JsonException>(() => JournalReplay.Parse(string.Join('\n', facts.Skip(1))));
    }

    /// <summary>What a server exports of a run that used a tool, and of a second message in its answer.</summary>
    private static async Task<string> ExportAsync(MultitaskStrategy strategy)
    {
        var model = new ScriptedModel().CallsTool("search", new { city = "SF" }).Waits().Answers("Rain.");
        await using var scenario = await Scenario.GivenAsync(model, new ScriptedTool("search").Returns("sunny"));
        var thread = await scenario.ThreadAsync();
        await thread.SaysAsync("weather in SF?");
        var answer = await model.IsAskedAsync();
        await answer.SaysAsync("In SF it ");
        await scenario.PassAsync(TimeSpan.FromSeconds(2));
        var second = await thread.SaysAsync("in NYC!", strategy);
        if (strategy is MultitaskStrategy.Enqueue)
            answer.Answers("is sunny.");
        await second.SucceedsAsync();
        return await thread.ExportAsync();
    }

    private static void Asks(ToolVisit visit)
    {
        try
        {
            visit.Returns($"{visit.Context!.Interrupt(JsonElement.Parse("\"sure?\""))}");
        }
        catch (GraphInterruptException question)
        {
            visit.Fails(question);
        }
    }
}
