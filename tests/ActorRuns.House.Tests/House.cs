using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>How the rules of the house fail: with everything that breaks them, a line each.</summary>
internal static class House
{
    /// <summary>Nothing breaks the rule that the calling test is named after.</summary>
    public static void HasNone(IEnumerable<string> breaches)
    {
        var all = breaches.ToList();
        if (all.Count > 0)
            Assert.Fail($"{all.Count} break this rule:{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }

    /// <summary>
    /// The text is the one that was approved, in <c>contracts/</c>. If not, the difference is shown and the text is
    /// left where it can be copied from.
    /// </summary>
    public static void HasApproved(string name, IEnumerable<string> lines)
    {
        var path = $"tests/ActorRuns.House.Tests/contracts/{name}";
        var actual = lines.ToList();
        var approved = File.Exists(Repository.PathOf(path)) ? File.ReadAllLines(Repository.PathOf(path)) : [];
        if (actual.SequenceEqual(approved))
            return;

        var received = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllLines(received, actual);
        Assert.Fail(string.Join(Environment.NewLine, [
            $"{path} says otherwise. If this change is meant, approve it with",
            $"cp {received} {Repository.PathOf(path)}",
            .. approved.Except(actual).Select(line => $"- {line}"),
            .. actual.Except(approved).Select(line => $"+ {line}")]));
    }
}
