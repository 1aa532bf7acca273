using System.Globalization;
using ActorRuns.Domain.Tests.Invariants;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>
/// Random sequences of whatever can happen to a thread, with a crash between any two of them: the laws hold after each,
/// and the thread is what the reference says.
/// </summary>
/// <remarks>
/// <c>ACTORRUNS_MOVES</c> says how many moves to make, for as long as one likes; <c>ACTORRUNS_SEED</c> where to begin.
/// A failure names its seed and the shortest way to it that was found.
/// </remarks>
public sealed class InvariantSpec
{
    private const int Moves = 100_000;
    private const int MovesPerThread = 40;
    private const int FirstSeed = 1;

    [Fact]
    public void Every_law_holds_after_every_move()
    {
        var first = FromEnvironment("ACTORRUNS_SEED", FirstSeed);
        var threads = FromEnvironment("ACTORRUNS_MOVES", Moves) / MovesPerThread;

        for (var seed = first; seed < first + threads; seed++)
        {
            var moves = MovesOf(seed);
            if (Fails(moves))
                Assert.Fail($"Seed {seed}:\n{Rehearsal.Play(Shorten(moves, Fails))}");
        }
    }

    [Fact]
    public void What_fails_is_cut_down_to_what_makes_it_fail()
    {
        var moves = MovesOf(FirstSeed);
        var (early, late) = (moves[7], moves[31]);

        var shortest = Shorten(moves, fails: so => so.Contains(early) && so.Contains(late));

        Assert.Equal([early, late], shortest);
    }

    private static bool Fails(List<Move> moves) => Rehearsal.Play(moves) is not null;

    private static List<Move> MovesOf(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, MovesPerThread).Select(_ => Move.Random(random))];
    }

    /// <summary>Drops ever smaller stretches of moves for as long as what is left still fails.</summary>
    private static List<Move> Shorten(List<Move> moves, Predicate<List<Move>> fails)
    {
        for (var length = moves.Count / 2; length > 0; length = moves.Count < length ? moves.Count / 2 : length / 2)
        {
            for (var at = moves.Count - length; at >= 0; at--)
            {
                List<Move> rest = [.. moves[..at], .. moves[(at + length)..]];
                if (!fails(rest))
                    continue;

                moves = rest;
                at = Math.Min(at, moves.Count - length + 1);
            }
        }

        return moves;
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
