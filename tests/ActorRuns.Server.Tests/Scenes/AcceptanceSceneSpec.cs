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
        var node = await NodeWorkspace.OpenAsync(NodeWorkspace.NewestClient);
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);

        var scene = await node.RunAsync(["acceptance-scene.mjs", server.Address.ToString(), moment], Patience);

        Assert.True(scene.ExitCode is 0, scene.Output + scene.Errors);
    }
}
