namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
public readonly record struct Option<T>
{
    /// <summary>The absent value.</summary>
    public static readonly Option<T> None;

    private readonly T _value;

    /// <summary>Holds the value; null counts as absent.</summary>
    public Option(T value)
    {
        _value = value;
        HasValue = value is not null;
    }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException("There is no value.");

    /// <summary>The value, or the given one where there is none.</summary>
    public T GetOrElse(T fallback) => HasValue ? _value : fallback;
}
