namespace ActorRuns.AspNetCore.Tests.Golden;

/// <summary>One request of a golden file.</summary>
/// <param name="Title">What it is there for.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with the names of ids that earlier answers gave in braces.</param>
/// <param name="Headers">The headers that are not the same everywhere.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record Exchange(
    string Title, HttpMethod Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    private const string TitleMark = "### ";

    /// <summary>The line that an answer begins with, before its status.</summary>
    public const string AnswerMark = ">>> ";

    /// <summary>Reads the requests of a file; the answers in it are only compared.</summary>
    public static IReadOnlyList<Exchange> ReadAll(string text) =>
        [.. text.Split(TitleMark, StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    /// <summary>The request as it stands in the file.</summary>
    public string Text => string.Join('\n',
    [
        $"{TitleMark}{Title}",
        $"{Method} {Path}",
        .. Headers.Select(header => $"{header.Name}: {header.Value}"),
        .. Body.Length > 0 ? [Body] : Array.Empty<string>(),
    ]);

    private static Exchange Read(string text)
    {
        var lines = text.Split('\n').TakeWhile(line => line.Length > 0).ToList();
        var target = lines[1].Split(' ', 2);
        var headers = lines.Skip(2).TakeWhile(line => char.IsAsciiLetter(line[0]))
            .Select(line => line.Split(": ", 2))
            .Select(header => (header[0], header[1]))
            .ToList();
        return new Exchange(
            lines[0], new HttpMethod(target[0]), target[1], headers, string.Join('\n', lines.Skip(2 + headers.Count)));
    }
}
