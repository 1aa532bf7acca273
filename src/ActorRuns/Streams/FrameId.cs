using System.Globalization;

namespace ActorRuns.Streams;

/// <summary>
/// Names a frame of a run's stream. Frames that come from the journal carry the sequence number they became true with,
/// so that a stream rebuilt from the journal, after a crash as well, numbers them alike.
/// </summary>
/// <param name="SequenceNr">The journal's number of the last fact before or at the frame.</param>
/// <param name="Index">Counts the frames with that number, from 0.</param>
public readonly record struct FrameId(long SequenceNr, int Index) : IComparable<FrameId>
{
    /// <summary>Before every frame.</summary>
    public static FrameId Origin { get; } = new(-1, 0);

    /// <summary>Reads the form <c>12-3</c>; a bare number is a sequence number, and <c>-1</c> is before every frame.</summary>
    public static bool TryParse(string? text, out FrameId id)
    {
        id = Origin;
        if (string.IsNullOrEmpty(text))
            return false;

        var dash = text.IndexOf('-', 1);
        var index = 0;
        var head = dash < 0 ? text.AsSpan() : text.AsSpan(0, dash);
        if (!long.TryParse(head, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequenceNr)
            || (dash >= 0 && !int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            return false;
        }

        id = new FrameId(sequenceNr, index);
        return true;
    }

    /// <inheritdoc />
    public int CompareTo(FrameId other) =>
        SequenceNr == other.SequenceNr ? Index.CompareTo(other.Index) : SequenceNr.CompareTo(other.SequenceNr);

    /// <summary>True when the left one comes first.</summary>
    public static bool operator <(FrameId left, FrameId right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one comes later.</summary>
    public static bool operator >(FrameId left, FrameId right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one does not come later.</summary>
    public static bool operator <=(FrameId left, FrameId right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one does not come first.</summary>
    public static bool operator >=(FrameId left, FrameId right) => left.CompareTo(right) >= 0;

    /// <summary>The form <c>12-3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SequenceNr}-{Index}");
}
