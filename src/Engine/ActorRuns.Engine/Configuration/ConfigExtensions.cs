using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>What can be asked of a config that may not be there.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there is no config, or none with a setting.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
