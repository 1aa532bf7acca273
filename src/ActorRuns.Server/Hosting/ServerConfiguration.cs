using System.Text.Json;
using ActorRuns.Hosting;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>The configuration files beside the program, and what the server lays over them.</summary>
internal static class ServerConfiguration
{
    // What is secret, or differs from machine to machine, is said by the environment rather than by a file.
    private static readonly (string Variable, string Key)[] Variables =
    [
        ("ACTORRUNS_WEBHOOK_SECRET", "actorruns.webhooks.secret"),
        ("ACTORRUNS_WEBHOOK_ALLOW_PRIVATE", "actorruns.webhooks.allow-private"),
        ("ACTORRUNS_MCP_SERVERS", "actorruns.mcp.servers-file"),
        ("ACTORRUNS_MODEL", "actorruns.models.default"),
        ("ACTORRUNS_CLUSTER_ADDRESS", "actorruns.cluster.address"),
        ("ACTORRUNS_CLUSTER_TTL", "actorruns.cluster.ttl"),
        ("ACTORRUNS_CLUSTER_DRAIN", "actorruns.cluster.drain"),
        ("OPENAI_API_KEY", "actorruns.models.openai.api-key"),
        ("OPENAI_BASE_URL", "actorruns.models.openai.base-url"),
        ("OPENAI_MODEL", "actorruns.models.openai.model"),
        ("ANTHROPIC_API_KEY", "actorruns.models.anthropic.api-key"),
        ("ANTHROPIC_BASE_URL", "actorruns.models.anthropic.base-url"),
        ("ANTHROPIC_MODEL", "actorruns.models.anthropic.model"),
    ];

    /// <summary>The variable that says where PostgreSQL is; it wins over the file.</summary>
    public const string PostgreSqlVariable = "ACTORRUNS_POSTGRES";

    /// <summary>Where PostgreSQL is; null when all is to be kept in the data folder.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="ConfigurationException">The file is missing or is no HOCON.</exception>
    public static string? PostgreSql(Func<string, string?> environment) =>
        environment(PostgreSqlVariable) is { Length: > 0 } said
            ? said
            : ReadFile("postgres.conf").GetString("actorruns.postgres.connection-string", "") is { Length: > 0 } kept
                ? kept
                : null;

    /// <summary>Reads the configuration for a journal.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="ConfigurationException">A file is missing or is no HOCON; the message names it.</exception>
    public static Config Read(OpenJournal journal, Func<string, string?> environment)
    {
        // A JSON text is a HOCON text, whatever is in it.
        var said = Variables
            .Where(variable => environment(variable.Variable) is { Length: > 0 })
            .Select(variable => $"{variable.Key} = {JsonSerializer.Serialize(environment(variable.Variable))}");
        return ConfigurationFactory.ParseString(string.Join('\n', said))
            .WithFallback(journal.Place)
            .WithFallback(ReadFile(journal.SettingsFile))
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
