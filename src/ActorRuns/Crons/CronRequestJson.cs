using System.Text;
using System.Text.Json;
using ActorRuns.Journal;
using ActorRuns.Json;
using ActorRuns.Runs;

namespace ActorRuns.Crons;

/// <summary>The stored form of what a cron asks of its runs: that of a run's request in the journal.</summary>
public static class CronRequestJson
{
    /// <summary>Writes a request.</summary>
    public static string Text(RunRequest request) => Encoding.UTF8.GetString(StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("run_id", request.RunId.Value);
        RunRequestJson.Write(writer, request);
        writer.WriteEndObject();
    }));

    /// <summary>Reads a request.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RunRequest Read(string text) => RunRequestJson.Read(new FactReader("cron", JsonElement.Parse(text)));
}
