using System.Globalization;

namespace ActorRuns.Chaos;

/// <summary>How long, how many, and which chance.</summary>
/// <param name="Members">How many servers there are.</param>
/// <param name="Length">How long there are load and faults.</param>
/// <param name="Seed">What decides what happens by chance.</param>
/// <param name="Users">How many people write at the same time.</param>
/// <param name="ThreadsPerUser">Between how many conversations each of them changes.</param>
internal sealed record ChaosOptions(int Members, TimeSpan Length, int Seed, int Users, int ThreadsPerUser)
{
    /// <summary>What the command line says, or what is wrong with it.</summary>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["--members"] = 3,
            ["--seconds"] = 60,
            ["--seed"] = Environment.ProcessId,
            ["--users"] = 12,
            ["--threads"] = 3,
        };
        for (var at = 0; at < arguments.Count; at += 2)
        {
            if (!numbers.ContainsKey(arguments[at]))
            {
                throw new FormatException(
                    $"{arguments[at]} is not known; there are {string.Join(", ", numbers.Keys)}.");
            }

            if (at + 1 == arguments.Count
                || !int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new FormatException($"{arguments[at]} needs a whole number.");
            numbers[arguments[at]] = number;
        }

        return new ChaosOptions(
            numbers["--members"],
            TimeSpan.FromSeconds(numbers["--seconds"]),
            numbers["--seed"],
            numbers["--users"],
            numbers["--threads"]);
    }
}
