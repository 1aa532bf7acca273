namespace ActorRuns.Benchmarks.Engine;

/// <summary>Makes empty databases of one kind.</summary>
internal interface IDatabases
{
    /// <summary>A new one, which has no tables yet.</summary>
    IDatabase Create(string name);
}

/// <summary>A database that a journal writes to, and that can be written to past it.</summary>
internal interface IDatabase
{
    /// <summary>The kind, for people.</summary>
    string Kind { get; }

    /// <summary>The settings of a journal on it; every commit outlives a power cut.</summary>
    string Hocon { get; }

    /// <summary>How many connections a journal writes with.</summary>
    int Writers { get; }

    /// <summary>Opens a connection with the durability of the journal's.</summary>
    IRawConnection Connect();
}

/// <summary>What writing can cost at the least: prepared statements, and nothing around them.</summary>
internal interface IRawConnection : IDisposable
{
    /// <summary>Adds the rows to the journal's table in one transaction, and returns when it is durable.</summary>
    void Insert(IReadOnlyList<RawEvent> rows);
}

/// <summary>An event as the journal stores it, as far as it differs from others.</summary>
/// <param name="PersistenceId">Whose event.</param>
/// <param name="SequenceNr">Its number.</param>
internal readonly record struct RawEvent(string PersistenceId, long SequenceNr)
{
    /// <summary>The identifier of Akka.NET's serializer for bytes.</summary>
    public const int SerializerId = 4;

    /// <summary>What <c>writer_uuid</c> holds: 32 digits, like a journal's.</summary>
    public const string Writer = "0123456789abcdef0123456789abcdef";

    /// <summary>What all events of the benchmarks hold.</summary>
    public static readonly byte[] Payload = new byte[200];

    /// <summary>What <c>created</c> holds: its index grows at its end, as with a journal.</summary>
    public static long Now => TimeProvider.System.GetUtcNow().UtcTicks;
}
