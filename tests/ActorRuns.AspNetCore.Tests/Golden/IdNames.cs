using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorRuns.AspNetCore.Tests.Golden;

/// <summary>Gives ids names, since they are others in every run: the first thread's is <c>{thread1}</c>.</summary>
internal sealed partial class IdNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Puts names in the place of ids.</summary>
    public string Hide(string text) => Uuid().Replace(text, match =>
    {
        var id = match.Groups["id"].Value;
        if (!_names.TryGetValue(id, out var name))
        {
            var kind = match.Groups["kind"] is { Success: true, Value: var field } ? field : "id";
            var number = _names.Values.Count(known => known.TrimEnd([.. "0123456789"]) == kind) + 1;
            _names[id] = name = string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
        }

        return $"{match.Groups["before"].Value}{{{name}}}";
    });

    /// <summary>Puts ids in the place of names.</summary>
    public string Show(string text) =>
        _names.Aggregate(text, (shown, id) => shown.Replace($"{{{id.Value}}}", id.Key, StringComparison.Ordinal));

    // An id is named after the field that it is first seen in.
    [GeneratedRegex(
        """(?<before>"(?<kind>[a-z]+)_id": ?"|/(?<kind>run|thread)s/|)"""
        + """(?<id>[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12})""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uuid();
}
