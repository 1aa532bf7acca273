using System.Text.Json;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>The configuration files beside the program, and what the server lays over them.</summary>
internal static class ServerConfiguration
{
    /// <summary>Reads the configuration for a journal in a folder.</summary>
    /// <exception cref="ConfigurationException">A file is missing or is no HOCON; the message names it.</exception>
    public static Config Read(string journalFile)
    {
        // A JSON text is a HOCON text, whatever the folder is called.
        var connection = JsonSerializer.Serialize($"Data Source={journalFile}");
        return ConfigurationFactory.ParseString($$"""
                akka.persistence.journal.sql.connection-string = {{connection}}
                akka.persistence.snapshot-store.sql.connection-string = {{connection}}
                """)
            .WithFallback(ReadFile("sqlite.conf"))
            .WithFallback(ReadFile("actorruns.conf"));
    }

    private static Config ReadFile(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "hocon", name);
        try
        {
            return ConfigurationFactory.ParseString(File.ReadAllText(file));
        }
        catch (Exception fault) when (fault is IOException or ConfigurationException)
        {
            throw new ConfigurationException($"The configuration file {file} cannot be read: {fault.Message}", fault);
        }
    }
}
