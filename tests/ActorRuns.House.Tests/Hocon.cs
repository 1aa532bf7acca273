namespace ActorRuns.House.Tests;

/// <summary>Reads the files of <c>hocon/</c> as lists of settings, in the form this project writes them.</summary>
internal static class Hocon
{
    public static IEnumerable<string> Files => Repository.Files(".conf")
        .Where(path => path.StartsWith("hocon/", StringComparison.Ordinal));

    /// <summary>The settings of a file: each key with its whole path, and its value as it is written.</summary>
    public static IEnumerable<(string Key, string Value)> Read(string file)
    {
        var path = new Stack<string>();
        foreach (var line in Repository.Read(file).Split('\n').Select(line => line.Trim()))
        {
            if (line is "" or ['#', ..])
                continue;

            if (line is "}")
                path.Pop();
            else if (line.EndsWith('{'))
                path.Push(line[..^1].TrimEnd());
            else if (line.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value])
                yield return (string.Join('.', path.Reverse().Append(key)), value);
            else
                throw new InvalidOperationException($"{file} has a line that is no section or setting: {line}");
        }
    }
}
