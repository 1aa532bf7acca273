using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>What the documents show of C# is code of this repository, which is compiled and mostly run.</summary>
public sealed class SnippetsSpec
{
    private const string Begin = "```csharp\n";
    private const string End = "```";

    private static readonly string[] Documents =
    [
        "README.md",
        .. Directory.GetFiles(Repository.PathOf("docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}"),
        .. Repository.Files(".md").Where(path => path.StartsWith("src/", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_snippet_stands_in_a_source_as_it_is_shown()
    {
        var sources = Repository.Sources
            .Where(path => !path.StartsWith("src/", StringComparison.Ordinal))
            .Select(path => Plain(Repository.Read(path)))
            .ToList();
        var snippets = Documents.SelectMany(SnippetsOf).ToList();

        Assert.NotEmpty(snippets);
        House.HasNone(
            from snippet in snippets
            where !sources.Exists(source => source.Contains(Plain(snippet.Text), StringComparison.Ordinal))
            select $"{snippet.Document}: no test or sample has\n{snippet.Text}");
    }

    private static IEnumerable<(string Document, string Text)> SnippetsOf(string document) => Repository.Read(document)
        .Split(Begin)
        .Skip(1)
        .Select(text => (document, text[..text.IndexOf(End, StringComparison.Ordinal)]));

    /// <summary>The lines without what differs between a document and the middle of a method.</summary>
    private static string Plain(string text) => string.Join('\n', text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0)) + '\n';
}
