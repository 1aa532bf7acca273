namespace ActorRuns.Benchmarks;

/// <summary>How much of one thing was done in a second, measured in several rounds.</summary>
/// <param name="name">What was done.</param>
/// <param name="unit">What is counted.</param>
internal sealed class Rate(string name, string unit)
{
    private readonly List<double> _rounds = [];

    /// <summary>What half of the rounds reached.</summary>
    public double Median => _rounds.Order().ElementAt(_rounds.Count / 2);

    /// <summary>What the best round reached: the one that was least disturbed.</summary>
    public double Best => _rounds.Max();

    /// <summary>Takes what a round came to.</summary>
    public void Add(double perSecond) => _rounds.Add(perSecond);

    /// <inheritdoc />
    public override string ToString() =>
        $"{name,-52} median {Median,12:N0}   best {Best,12:N0}   {unit}/s   n {_rounds.Count}";
}
