using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using ActorRuns.Runs;

namespace ActorRuns.Journal;

/// <summary>Some runs as stored JSON, packed together: what they have in common is there once.</summary>
/// <param name="Runs">Their ids, in the order in which they are packed; the empty one for what is not wanted.</param>
/// <param name="Packed">Each run's length and JSON, one after another, deflated.</param>
internal sealed record RunPack(ImmutableArray<RunId> Runs, byte[] Packed)
{
    /// <summary>Stands where a run was that is gone, or lies in a later pack.</summary>
    public static readonly RunId Nothing;

    private const int LengthBytes = sizeof(int);

    /// <summary>How many of its runs are wanted.</summary>
    public int Wanted => Runs.Count(run => run != Nothing);

    /// <summary>Packs runs.</summary>
    public static RunPack Of(IReadOnlyCollection<StoredRun> runs)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            foreach (var run in runs)
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, run.Json.Length);
                deflate.Write(length);
                deflate.Write(run.Json.Span);
            }
        }

        return new RunPack([.. runs.Select(run => run.Id)], packed.ToArray());
    }

    /// <summary>The runs with their JSON, in their order.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public ImmutableArray<StoredRun> Unpack()
    {
        using var packed = new MemoryStream(Packed);
        using var inflate = new DeflateStream(packed, CompressionMode.Decompress);
        using var whole = new MemoryStream();
        inflate.CopyTo(whole);
        var bytes = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        var runs = ImmutableArray.CreateBuilder<StoredRun>(Runs.Length);
        foreach (var id in Runs)
        {
            var length = bytes.Length < LengthBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
            if (length < 0 || length > bytes.Length - LengthBytes)
                throw new InvalidDataException($"Of run {id}, which is laid aside, there are too few bytes.");
            runs.Add(new StoredRun(id, bytes.Slice(LengthBytes, length)));
            bytes = bytes[(LengthBytes + length)..];
        }

        return runs.MoveToImmutable();
    }
}

/// <summary>A run as stored JSON.</summary>
/// <param name="Id">The run.</param>
/// <param name="Json">The JSON, in UTF-8.</param>
internal readonly record struct StoredRun(RunId Id, ReadOnlyMemory<byte> Json);
