namespace ActorRuns.Chaos;

/// <summary>What happens by chance: the same for the same seed, as far as real processes let it be.</summary>
internal sealed class Chance(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>A source of its own for a part of the program, so that parts do not disturb each other.</summary>
    public static Chance For(int seed, string part, int number) =>
        new(unchecked((((seed * 31) + part.Sum(letter => letter)) * 31) + number));

    /// <summary>A whole number of at least <paramref name="from"/> and less than <paramref name="to"/>.</summary>
    public int Between(int from, int to)
    {
        lock (_gate)
        {
#pragma warning disable CA5394 // Nothing secret is chosen, here and below.
            return _random.Next(from, to);
        }
    }

    /// <summary>An id that nothing else has.</summary>
    public string Id()
    {
        var bytes = new byte[16];
        lock (_gate)
            _random.NextBytes(bytes);
#pragma warning restore CA5394
        return new Guid(bytes).ToString();
    }

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int percent) => Between(0, 100) < percent;

    /// <summary>A time of at least and less than so many milliseconds.</summary>
    public TimeSpan Milliseconds(int from, int to) => TimeSpan.FromMilliseconds(Between(from, to));

    /// <summary>One of these.</summary>
    public T Of<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count)];
}
