using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorRuns.Assistants;
using ActorRuns.Cluster;
using ActorRuns.Crons;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Ids;

/// <summary>Makes every id of the runtime: the one place with randomness.</summary>
/// <param name="time">The clock of the ids that sort by time.</param>
public sealed class RuntimeIds(TimeProvider time) : IIdSource
{
    // RFC 9562, section 5.1: UUID time counts 100 ns from here; so do .NET ticks, from another beginning.
    private static readonly long GregorianTicks = new DateTime(1582, 10, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;

    // The namespace that LangGraph servers derive the ids of their system assistants in.
    private static readonly Guid AssistantNamespace = new("6ba7b821-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>A new thread's id, a UUID of version 7.</summary>
    public ThreadId NewThreadId() => new(NewUuid());

    /// <summary>A new run's id, a UUID of version 7.</summary>
    public RunId NewRunId() => new(NewUuid());

    /// <summary>A new assistant's id, a UUID of version 7.</summary>
    public AssistantId NewAssistantId() => new(NewUuid());

    /// <summary>A new cron's id, a UUID of version 7.</summary>
    public CronId NewCronId() => new(NewUuid());

    /// <summary>The id of a member of a cluster: another one after each start.</summary>
    public static MemberId NewMemberId(TimeProvider time) => new(new RuntimeIds(time).NewUuid());

    /// <inheritdoc />
    public string NewMessageId() => NewUuid().ToString("D");

    /// <summary>The id of a message that a model is about to write.</summary>
    public string NewModelMessageId() => $"run-{NewUuid():D}";

    /// <summary>
    /// A UUID of version 6 whose clock sequence is the step, so that ids sort by time and tell their step, as those of
    /// LangGraph do.
    /// </summary>
    public CheckpointId NewCheckpointId(DateTimeOffset now, int step, CheckpointId? after)
    {
        var timestamp = now.UtcTicks - GregorianTicks;
        if (after is { } earlier)
            timestamp = Math.Max(timestamp, TimestampOf(earlier.Value) + 1);

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, timestamp << 4);
        bytes[7] = (byte)(timestamp & 0xFF);
        bytes[6] = (byte)(0x60 | ((timestamp >> 8) & 0x0F));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[8..], (ushort)(0x8000 | (step & 0x3FFF)));
        RandomNumberGenerator.Fill(bytes[10..]);
        return new CheckpointId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>The id of the assistant that every graph has: a UUID of version 5 of the graph's name.</summary>
    public static AssistantId SystemAssistant(GraphId graph) => new(NameBased(AssistantNamespace, graph.Value));

    /// <summary>The id of a node's execution at a checkpoint: the same each time it is asked for.</summary>
    public static Guid TaskId(CheckpointId checkpoint, string node) => NameBased(checkpoint.Value, node);

    /// <summary>The id of the run that a cron creates for a slot: the same each time it is asked for.</summary>
    public static RunId CronRun(CronId cron, DateTimeOffset slot) => new(NameBased(cron.Value, $"run/{slot.UtcTicks}"));

    /// <summary>The id of the thread of such a run, when the cron has none for all.</summary>
    public static ThreadId CronThread(CronId cron, DateTimeOffset slot) =>
        new(NameBased(cron.Value, $"thread/{slot.UtcTicks}"));

    /// <summary>The id of the thread that is made for a stateless run: the run is found by its own id alone.</summary>
    public static ThreadId StatelessThread(RunId run) => new(NameBased(run.Value, "thread"));

    private static long TimestampOf(Guid version6)
    {
        Span<byte> bytes = stackalloc byte[16];
        version6.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return (high << 12) | (uint)((bytes[6] & 0x0F) << 8) | bytes[7];
    }

#pragma warning disable RS0030 // This is where ids come from.
    private Guid NewUuid() => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030

    private static Guid NameBased(Guid space, string name)
    {
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(Math.Min(name.Length, 128))];
        if (name.Length > 128)
            input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, input[16..]);

        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // RFC 9562, section 5.5, names SHA-1; nothing secret depends on it.
        SHA1.HashData(input[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)(0x50 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }
}
