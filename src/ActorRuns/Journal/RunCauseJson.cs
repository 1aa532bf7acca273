using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Runs;

namespace ActorRuns.Journal;

/// <summary>The stored form of why a run ended.</summary>
internal static class RunCauseJson
{
    public static void Write(Utf8JsonWriter writer, string name, RunCause cause)
    {
        writer.WriteStartObject(name);
        switch (cause)
        {
            case RunCause.Finished:
                writer.WriteString("kind", "finished");
                break;
            case RunCause.AskedHuman:
                writer.WriteString("kind", "asked-human");
                break;
            case RunCause.Failed(var error, var message):
                writer.WriteString("kind", "failed");
                writer.WriteString("error", error);
                writer.WriteString("message", message);
                break;
            case RunCause.Cancelled:
                writer.WriteString("kind", "cancelled");
                break;
            case RunCause.Superseded(var by):
                writer.WriteString("kind", "superseded");
                writer.WriteString("by", by.Value);
                break;
            case RunCause.Joined(var into):
                writer.WriteString("kind", "joined");
                writer.WriteString("into", into.Value);
                break;
            case RunCause.TimedOut(var limit):
                writer.WriteString("kind", "timed-out");
                writer.WriteNumber("limit_ms", (long)limit.TotalMilliseconds);
                break;
            case RunCause.WorkerLost(var attempts):
                writer.WriteString("kind", "worker-lost");
                writer.WriteNumber("attempts", attempts);
                break;
            default:
                throw new UnreachableException($"{cause.GetType().Name} has no stored form.");
        }

        writer.WriteEndObject();
    }

    public static RunCause Read(FactReader reader) => reader.Text("kind") switch
    {
        "finished" => new RunCause.Finished(),
        "asked-human" => new RunCause.AskedHuman(),
        "failed" => new RunCause.Failed(reader.Text("error"), reader.Text("message")),
        "cancelled" => new RunCause.Cancelled(),
        "superseded" => new RunCause.Superseded(new RunId(reader.Uuid("by"))),
        "joined" => new RunCause.Joined(new RunId(reader.Uuid("into"))),
        "timed-out" => new RunCause.TimedOut(reader.Milliseconds("limit_ms")),
        "worker-lost" => new RunCause.WorkerLost(reader.Number("attempts")),
        _ => throw reader.Wrong("kind", "a known cause"),
    };
}
