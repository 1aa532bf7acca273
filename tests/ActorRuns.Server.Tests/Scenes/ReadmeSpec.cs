using System.Text.RegularExpressions;
using ActorRuns.Server.Tests.Processes;
using ActorRuns.Server.Tests.Wire;
using Xunit;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>What the README shows newcomers of the server does what it says.</summary>
public sealed partial class ReadmeSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_lines_of_JavaScript_talk_to_a_server_as_it_starts()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);
        var readme = await File.ReadAllTextAsync(Path.Combine(Places.Repository, "README.md"));
        var lines = JavaScript().Match(readme).Groups["lines"].Value;
        Assert.Contains("new Client();", lines, StringComparison.Ordinal);
        // The server of a test listens wherever there is room.
        var script = lines.Replace(
            "new Client();", $"new Client({{ apiUrl: \"{server.Address}\" }});", StringComparison.Ordinal);

        var node = await NodeWorkspace.OpenAsync(NodeWorkspace.NewestClient);
        var ended = await node.RunAsync(["--input-type=module", "--eval", script], Patience);

        Assert.True(ended.ExitCode is 0, ended.Output + ended.Errors);
        Assert.Contains("What's the weather in SF?", ended.Output, StringComparison.Ordinal);
        Assert.Contains("The weather in new york city is sunny", ended.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(
        "```js\n(?<lines>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex JavaScript();
}
