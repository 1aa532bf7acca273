using System.Diagnostics;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>A long thread answers like a short one: no command looks at all messages, or at all runs.</summary>
public sealed class LongThreadSpec
{
    private const int Turns = 2_000;

    private readonly Scene _scene = new();
    private int _sent;

    [Fact]
    public void A_turn_that_is_interrupted_costs_the_same_after_thousands_of_turns()
    {
        var early = BestTurn();

        for (var turn = 0; turn < Turns; turn++)
            Turn();

        // A look at every message would cost hundreds of times more; a deeper tree costs a little more.
        var late = BestTurn();
        Assert.True(late < 20 * early, $"A turn took {early} ticks at first and {late} after {Turns} turns.");
    }

    private long BestTurn() => Enumerable.Range(0, 50).Min(_ =>
    {
        var begin = Stopwatch.GetTimestamp();
        Turn();
        return Stopwatch.GetTimestamp() - begin;
    });

    private void Turn()
    {
        _scene.Send(++_sent, MultitaskStrategy.Interrupt);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();
        _scene.Send(++_sent, MultitaskStrategy.Interrupt);
        _scene.Send(++_sent, MultitaskStrategy.Rollback);
        _scene.Send(++_sent);
        _scene.Cancel(_sent);
        _scene.ModelCalls();
    }
}
