using ActorRuns.Server.Tests.Processes;
using ActorRuns.Server.Tests.Wire;
using Xunit;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>The scene that the server exists for, played by the official client at a realistic pace.</summary>
public sealed class AcceptanceSceneSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("two seconds later")]
    [InlineData("in its model call")]
    [InlineData("in its tool call")]
    [InlineData("in its second model call")]
    public async Task A_second_message_interrupts_the_first_and_leaves_what_a_model_provider_accepts(string moment)
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);

        await PlayAsync(server, moment);
    }

    [Theory]
    [InlineData("two seconds later")]
    [InlineData("in its tool call")]
    public async Task So_it_does_when_the_journal_is_in_PostgreSQL(string moment)
    {
        using var folder = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(folder, PostgreSqlJournals.New());

        await PlayAsync(server, moment);
    }

    private static async Task PlayAsync(ServerProcess server, string moment)
    {
        var node = await NodeWorkspace.OpenAsync(NodeWorkspace.NewestClient);

        var scene = await node.RunAsync(["acceptance-scene.mjs", server.Address.ToString(), moment], Patience);

        Assert.True(scene.ExitCode is 0, scene.Output + scene.Errors);
    }
}
