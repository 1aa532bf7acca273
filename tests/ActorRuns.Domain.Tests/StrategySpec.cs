using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>
/// What a new message does to a thread, for every strategy and everything that run 1 may be at. The letters are
/// explained at <see cref="Notation"/>.
/// </summary>
public sealed class StrategySpec
{
    /// <summary>
    /// Columns: strategy of run 2 | run 1 at once | run 2 at once | the nodes that are next | the messages at once |
    /// the messages when every run has ended.
    /// </summary>
    private const string Table =
        """
        waits behind run 9, which is in its first model call
          enqueue   | pending          | pending | agent | H9             | H9 A* T A H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H9 H1 H2       | H9 H1 H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | pending          | refused | agent | H9             | H9 A* T A H1 A* T A
          steer     | pending          | pending | agent | H9             | H9 A* T H2 A* T A H1 A* T A
        is due later
          enqueue   | pending          | running | agent | H2             | H2 A* T A H1 A* T A
          interrupt | interrupted by 2 | running | agent | H1 H2          | H1 H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | pending          | refused |       |                | H1 A* T A
          steer     | pending          | running | agent | H2             | H2 A* T A H1 A* T A
        waits for more messages
          enqueue   | pending          | running | agent | H2             | H2 A* T A H1 A* T A
          interrupt | interrupted by 2 | running | agent | H1 H2          | H1 H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | pending          | refused |       |                | H1 A* T A
          steer     | pending          | running | agent | H2             | H2 A* T A H1 A* T A
        is in its first model call
          enqueue   | running          | pending | agent | H1             | H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 H2          | H1 H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | agent | H1             | H1 A* T A
          steer     | running          | pending | agent | H1             | H1 A* T H2 A* T A
        has asked for a tool that has not started
          enqueue   | running          | pending | tools | H1 A*          | H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | tools | H1 A*          | H1 A* T A
          steer     | running          | pending | tools | H1 A*          | H1 A* T H2 A* T A
        is in its tool call
          enqueue   | running          | pending | tools | H1 A*          | H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | tools | H1 A*          | H1 A* T A
          steer     | running          | pending | tools | H1 A*          | H1 A* T H2 A* T A
        has one of two tool calls done
          enqueue   | running          | pending | tools | H1 A**         | H1 A** T T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 A** T T? H2 | H1 A** T T? H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | tools | H1 A**         | H1 A** T T A
          steer     | running          | pending | tools | H1 A**         | H1 A** T T H2 A* T A
        is in its second model call
          enqueue   | running          | pending | agent | H1 A* T        | H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 A* T H2     | H1 A* T H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | agent | H1 A* T        | H1 A* T A
          steer     | running          | pending | agent | H1 A* T        | H1 A* T A H2 A* T A
        streams its answer
          enqueue   | running          | pending | agent | H1 A* T        | H1 A* T A H2 A* T A
          interrupt | interrupted by 2 | running | agent | H1 A* T A~ H2  | H1 A* T A~ H2 A* T A
          rollback  | gone             | running | agent | H2             | H2 A* T A
          reject    | running          | refused | agent | H1 A* T        | H1 A* T A
          steer     | running          | pending | agent | H1 A* T        | H1 A* T A H2 A* T A
        has stopped before its tool for a human
          enqueue   | success, asked   | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
          interrupt | success, asked   | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
          rollback  | success, asked   | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
          reject    | success, asked   | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
          steer     | success, asked   | running | agent | H1 A* T- H2    | H1 A* T- H2 A* T A
        has asked a human from inside its tool
          enqueue   | success, asked   | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          interrupt | success, asked   | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          rollback  | success, asked   | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          reject    | success, asked   | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          steer     | success, asked   | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
        has just ended
          enqueue   | success          | running | agent | H1 A* T A H2   | H1 A* T A H2 A* T A
          interrupt | success          | running | agent | H1 A* T A H2   | H1 A* T A H2 A* T A
          rollback  | success          | running | agent | H1 A* T A H2   | H1 A* T A H2 A* T A
          reject    | success          | running | agent | H1 A* T A H2   | H1 A* T A H2 A* T A
          steer     | success          | running | agent | H1 A* T A H2   | H1 A* T A H2 A* T A
        has failed in its tool call
          enqueue   | error            | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          interrupt | error            | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          rollback  | error            | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          reject    | error            | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
          steer     | error            | running | agent | H1 A* T? H2    | H1 A* T? H2 A* T A
        """;

    private static readonly ImmutableDictionary<string, Action<Scene>> Situations =
        new Dictionary<string, Action<Scene>>(StringComparer.Ordinal)
        {
            ["waits behind run 9, which is in its first model call"] = scene =>
            {
                scene.Send(9);
                scene.Send(1);
            },
            ["is due later"] = scene => scene.Send(1, delay: TimeSpan.FromSeconds(4)),
            ["waits for more messages"] = scene => scene.Say(1),
            ["is in its first model call"] = scene => scene.Send(1),
            ["has asked for a tool that has not started"] = scene =>
            {
                scene.Send(1);
                scene.ModelCallsWithoutStart();
            },
            ["is in its tool call"] = InItsToolCall,
            ["has one of two tool calls done"] = scene =>
            {
                scene.Send(1);
                scene.ModelCalls(tools: 2);
                scene.ToolAnswers();
            },
            ["is in its second model call"] = InItsSecondModelCall,
            ["streams its answer"] = scene =>
            {
                InItsSecondModelCall(scene);
                scene.ModelStreams("It is");
            },
            ["has stopped before its tool for a human"] = scene =>
            {
                scene.Send(1);
                scene.ModelCallsAndPauses();
            },
            ["has asked a human from inside its tool"] = scene =>
            {
                InItsToolCall(scene);
                scene.Asks("tools");
            },
            ["has just ended"] = scene =>
            {
                InItsSecondModelCall(scene);
                scene.ModelAnswers();
            },
            ["has failed in its tool call"] = scene =>
            {
                InItsToolCall(scene);
                scene.Fails();
            },
        }.ToImmutableDictionary(StringComparer.Ordinal);

    public static TheoryData<string, string, string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string, string, string>();
        var situation = string.Empty;
        foreach (var line in Table.Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells is [var strategy, var run1, var run2, var next, var now, var end])
                rows.Add(situation, strategy, run1, run2, next, now, end);
            else
                situation = line;
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_2_comes_while_run_1(
        string situation, string strategy, string run1, string run2, string next, string now, string end)
    {
        var scene = new Scene();
        Situations[situation](scene);

        var answer = Send(scene, 2, strategy);

        Assert.Equal(run1, scene[1]);
        Assert.Equal(run2, answer is Decision.Refuse(Refusal.ThreadBusy) ? "refused" : scene[2]);
        Assert.Equal(next, scene.Next);
        Assert.Equal(now, scene.Transcript);
        Assert.Equal("busy", scene.Thread);

        scene.PlayToTheEnd();

        Assert.Equal(end, scene.Transcript);
        Assert.Equal(run1 is "pending" or "running" ? "success" : run1, scene[1]);
        Assert.Equal(run2 is "refused" ? "gone" : "success", scene[2].Split(',')[0]);
        Assert.Equal(("idle", ""), (scene.Thread, scene.Next));
    }

    [Fact]
    public void The_table_has_every_strategy_in_every_situation() =>
        Assert.Equal(Situations.Count * (Enum.GetValues<MultitaskStrategy>().Length + 1), Rows().Count);

    [Theory]
    [InlineData("enqueue, enqueue, enqueue", "success | success | success | success",
        "H1 A* T A H2 A* T A H3 A* T A H4 A* T A")]
    [InlineData("interrupt, interrupt, interrupt", "interrupted by 2 | interrupted by 3 | interrupted by 4 | success",
        "H1 H2 H3 H4 A* T A")]
    [InlineData("rollback, rollback, rollback", "gone | gone | gone | success", "H4 A* T A")]
    [InlineData("enqueue, enqueue, interrupt", "interrupted by 4 | interrupted by 4 | interrupted by 4 | success",
        "H1 H2 H3 H4 A* T A")]
    [InlineData("enqueue, rollback", "gone | gone | success", "H3 A* T A")]
    [InlineData("rollback, interrupt", "gone | interrupted by 3 | success", "H2 H3 A* T A")]
    [InlineData("interrupt, rollback", "interrupted by 2 | gone | success", "H1 H3 A* T A")]
    [InlineData("enqueue, interrupt, rollback", "interrupted by 3 | interrupted by 3 | gone | success",
        "H1 H2 H4 A* T A")]
    [InlineData("interrupt, enqueue, reject", "interrupted by 2 | success | success | gone",
        "H1 H2 A* T A H3 A* T A")]
    [InlineData("steer, steer", "success | success, joined 1 | success, joined 1", "H1 A* T H2 H3 A* T A")]
    [InlineData("enqueue, steer", "success | success | success, joined 1", "H1 A* T H3 A* T A H2 A* T A")]
    [InlineData("steer, enqueue", "success | success, joined 1 | success", "H1 A* T H2 A* T A H3 A* T A")]
    [InlineData("steer, interrupt", "interrupted by 3 | interrupted by 3 | success", "H1 H2 H3 A* T A")]
    [InlineData("interrupt, steer", "interrupted by 2 | success | success, joined 2", "H1 H2 A* T H3 A* T A")]
    [InlineData("steer, rollback", "gone | gone | success", "H3 A* T A")]
    [InlineData("rollback, steer", "gone | success | success, joined 2", "H2 A* T H3 A* T A")]
    [InlineData("steer, reject", "success | success, joined 1 | gone", "H1 A* T H2 A* T A")]
    [InlineData("enqueue, reject, interrupt, enqueue", "interrupted by 4 | interrupted by 4 | gone | success | success",
        "H1 H2 H4 A* T A H5 A* T A")]
    public void Messages_come_faster_than_a_model_answers(string strategies, string runs, string end)
    {
        var scene = new Scene();
        scene.Send(1);

        var sent = 1;
        foreach (var strategy in strategies.Split(", "))
            Send(scene, ++sent, strategy);
        scene.PlayToTheEnd();

        Assert.Equal(runs, string.Join(" | ", Enumerable.Range(1, sent).Select(run => scene[run])));
        Assert.Equal(end, scene.Transcript);
    }

    [Theory]
    [InlineData("interrupt, interrupt", "H1 A* T? H2 A* T? H3 A* T A")]
    [InlineData("interrupt, rollback", "H1 A* T? H3 A* T A")]
    [InlineData("rollback, interrupt", "H2 A* T? H3 A* T A")]
    public void Messages_come_while_the_tool_of_the_one_before_is_at_work(string strategies, string end)
    {
        var scene = new Scene();
        InItsToolCall(scene);

        var sent = 1;
        foreach (var strategy in strategies.Split(", "))
        {
            scene.Send(++sent, Enum.Parse<MultitaskStrategy>(strategy, ignoreCase: true));
            if (sent is 2)
                scene.ModelCalls();
        }

        scene.PlayToTheEnd();

        Assert.Equal(end, scene.Transcript);
    }

    [Fact]
    public void Stopping_and_starting_are_one_batch()
    {
        var scene = new Scene();
        InItsToolCall(scene);
        var recorded = scene.Journal.Count;

        scene.Send(2, MultitaskStrategy.Interrupt);

        Assert.Equal(recorded + 1, scene.Journal.Count);
    }

    [Fact]
    public void No_fact_names_a_run_that_is_not_recorded_yet()
    {
        var scene = new Scene();
        InItsToolCall(scene);

        scene.Send(2, MultitaskStrategy.Interrupt);

        Assert.IsType<ThreadEvent.RunCreated>(scene.Journal[^1][0]);
    }

    [Fact]
    public void A_run_that_stopped_others_says_which()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.Send(2);

        scene.Send(3, MultitaskStrategy.Interrupt);

        Assert.Equal([1, 2], scene.Ledger.Runs[Notation.Run(3)].Supersedes.Select(Notation.NumberOf));
    }

    [Fact]
    public void A_run_that_interrupts_and_is_due_later_stops_the_others_at_once()
    {
        var scene = new Scene();
        InItsToolCall(scene);

        scene.Send(2, MultitaskStrategy.Interrupt, delay: TimeSpan.FromSeconds(4));

        Assert.Equal(("interrupted by 2", "pending", "busy"), (scene[1], scene[2], scene.Thread));
        Assert.Equal("H1 A* T?", scene.Transcript);
    }

    [Fact]
    public void What_was_said_to_a_superseded_run_is_kept_and_what_else_it_brought_is_not()
    {
        var scene = new Scene();
        scene.Send(1);
        var input = JsonElement.Parse(
            """{"city":"SF","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"2"}]}""");
        scene.Submit(Scene.Request(2) with { Input = input });

        scene.Send(3, MultitaskStrategy.Interrupt);

        Assert.Equal("H1 H2 H3", scene.Transcript);
        Assert.Empty(scene.Ledger.Position.Values.Values);
    }

    [Fact]
    public void A_run_of_a_user_who_cancelled_it_before_it_began_leaves_nothing()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.Send(2);

        scene.Cancel(2);
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A", scene.Transcript);
    }

    /// <summary>Strategy <c>steer</c> is <c>enqueue</c>, refined.</summary>
    private static Decision Send(Scene scene, int run, string strategy) => strategy is "steer"
        ? scene.Steer(run)
        : scene.Send(run, Enum.Parse<MultitaskStrategy>(strategy, ignoreCase: true));

    private static void InItsToolCall(Scene scene)
    {
        scene.Send(1);
        scene.ModelCalls();
    }

    private static void InItsSecondModelCall(Scene scene)
    {
        InItsToolCall(scene);
        scene.ToolsEnd();
    }
}
