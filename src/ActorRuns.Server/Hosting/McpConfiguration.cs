using ActorRuns.Models.Mcp;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>Reads which MCP servers there are: the section <c>actorruns.mcp</c>.</summary>
public static class McpConfiguration
{
    private const string Section = "actorruns.mcp";

    /// <summary>Reads the section; the file that it names is not opened.</summary>
    /// <exception cref="ConfigurationException">Values are out of bounds; the message names every one.</exception>
    public static McpOptions From(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var faults = new List<string>();
        var plain = new McpOptions();
        var options = new McpOptions
        {
            ServersFile = config.GetString($"{Section}.servers-file", plain.ServersFile) ?? plain.ServersFile,
            StartTimeout = Time(
                "start-timeout", plain.StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
            RestartPause = Time("restart-pause", plain.RestartPause, TimeSpan.Zero, TimeSpan.FromHours(1)),
        };
        return faults.Count is 0 ? options : throw new ConfigurationException(string.Join(Environment.NewLine, faults));

        TimeSpan Time(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
        {
            var value = config.GetTimeSpan($"{Section}.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"{Section}.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }
    }
}
