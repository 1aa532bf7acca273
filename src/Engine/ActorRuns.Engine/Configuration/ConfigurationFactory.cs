using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configs.</summary>
public static class ConfigurationFactory
{
    /// <summary>The config without settings.</summary>
    public static Config Empty { get; } = new(HoconValue.Section.Empty);

    /// <summary>Reads HOCON. Substitutions are looked up in the same text.</summary>
    /// <exception cref="FormatException">The text is not HOCON; the message names the line and the fault.</exception>
    public static Config ParseString(string hocon)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return new Config(HoconParser.Parse(hocon));
    }
}
