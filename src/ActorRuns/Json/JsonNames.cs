using System.Collections.Frozen;

namespace ActorRuns.Json;

/// <summary>The names of enumerations on the wire and in the journal: lower case, words parted by a hyphen.</summary>
public static class JsonNames
{
    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Table<T>.Names[value];

    /// <summary>The value of a name; false for a name that stands for none.</summary>
    public static bool TryRead<T>(string name, out T value) where T : struct, Enum =>
        Table<T>.Values.TryGetValue(name, out value);

    /// <summary>Every name.</summary>
    public static IEnumerable<string> All<T>() where T : struct, Enum => Enum.GetValues<T>().Select(Of);

    private static string Hyphenated(string name) => string.Concat(name.Select((letter, index) =>
        char.IsUpper(letter) ? $"{(index > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static class Table<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Names =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => Hyphenated(value.ToString()));

        public static readonly FrozenDictionary<string, T> Values =
            Names.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);
    }
}
