using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Runs;

namespace ActorRuns.Journal;

/// <summary>
/// The stored form of the runs that were laid aside, and of orders in which runs are: one byte for most of them, since
/// they are where one would look for them.
/// </summary>
internal static class RunArchiveJson
{
    private const int IdBytes = 16;

    public static void Write(Utf8JsonWriter writer, RunArchive archive)
    {
        writer.WriteStartArray("packs");
        foreach (var pack in archive.Packs)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("run_ids", BytesOf(pack.Runs));
            writer.WriteBase64String("runs", pack.Packed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static RunArchive? ReadOrNull(FactReader reader) =>
        reader.ValueOrUndefined("packs").ValueKind is JsonValueKind.Array
            ? new RunArchive([.. reader.Items("packs").Select(pack =>
                new RunPack(IdsOf(pack.Bytes("run_ids")), pack.Bytes("runs")))])
            : null;

    /// <summary>Writes an order of runs as their places among all, each by how far it is behind the last.</summary>
    public static void WriteOrder(
        Utf8JsonWriter writer, string name, IEnumerable<RunId> order, Dictionary<RunId, int> places)
    {
        using var bytes = new MemoryStream();
        using var numbers = new BinaryWriter(bytes);
        var expected = 0;
        foreach (var run in order)
        {
            var place = places[run];
            var step = place - expected;
            numbers.Write7BitEncodedInt((step << 1) ^ (step >> 31)); // Small either way.
            expected = place + 1;
        }

        writer.WriteBase64String(name, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static ImmutableList<RunId> ReadOrder(FactReader reader, string name, IReadOnlyList<RunId> all)
    {
        using var bytes = new MemoryStream(reader.Bytes(name));
        using var numbers = new BinaryReader(bytes);
        var order = ImmutableList.CreateBuilder<RunId>();
        var expected = 0;
        while (bytes.Position < bytes.Length)
        {
            var number = numbers.Read7BitEncodedInt();
            expected += (number >>> 1) ^ -(number & 1);
            order.Add(all[expected++]);
        }

        return order.ToImmutable();
    }

    private static byte[] BytesOf(ImmutableArray<RunId> runs)
    {
        var bytes = new byte[runs.Length * IdBytes];
        for (var at = 0; at < runs.Length; at++)
            _ = runs[at].Value.TryWriteBytes(bytes.AsSpan(at * IdBytes), bigEndian: true, out _);
        return bytes;
    }

    private static ImmutableArray<RunId> IdsOf(byte[] bytes)
    {
        var runs = new RunId[bytes.Length / IdBytes];
        for (var at = 0; at < runs.Length; at++)
            runs[at] = new RunId(new Guid(bytes.AsSpan(at * IdBytes, IdBytes), bigEndian: true));
        return [.. runs];
    }
}
