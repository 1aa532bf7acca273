using Akka.Actor;

namespace Akka.Configuration;

/// <summary>Settings can be read but cannot be used: they name something unknown, or contradict each other.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Says what is wrong with which setting.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong with which setting, and what it made fail.</summary>
    public ConfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
