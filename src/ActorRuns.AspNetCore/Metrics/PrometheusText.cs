using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ActorRuns.AspNetCore.Metrics;

/// <summary>
/// Adds up what the instruments of a runtime measure, and writes it in Prometheus' text format, version 0.0.4. What was
/// measured before it began to listen is not in it.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Seconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 1000];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> _series = new();

    // In the order in which they were made; each is written, also when it has measured nothing yet.
    private readonly ConcurrentQueue<Instrument> _instruments = new();

    /// <param name="meter">The runtime's.</param>
    /// <param name="system">The runtime's actor system: what its journal measures is told as well, if it does.</param>
    public PrometheusText(Meter meter, object system)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter != meter && instrument.Meter.Scope != system)
                return;
            _instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    /// <summary>Writes everything that was measured.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        foreach (var instrument in _instruments)
        {
            var name = NameOf(instrument);
            text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(instrument)).Append('\n');
            var series = _series.Where(entry => entry.Key.Instrument == instrument)
                .Select(entry => (entry.Key.Labels, entry.Value))
                .OrderBy(entry => entry.Labels, StringComparer.Ordinal)
                .ToList();
            if (series.Count is 0 && instrument is UpDownCounter<int>)
                series.Add((string.Empty, new Series([])));
            foreach (var (labels, values) in series)
                Write(text, name, instrument, labels, values);
        }

        return text.ToString();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, label) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(key)
                .Append("=\"").Append(Escaped($"{label}")).Append('"');
        }

        _series.GetOrAdd((instrument, labels.ToString()), _ => new Series(BoundsOf(instrument))).Add(value);
    }

    private static void Write(StringBuilder text, string name, Instrument instrument, string labels, Series series)
    {
        var (count, sum, buckets) = series.Read();
        var bounds = BoundsOf(instrument);
        if (bounds.Length is 0)
        {
            WriteLine(text, name, labels, sum);
            return;
        }

        var before = labels.Length > 0 ? $"{labels}," : string.Empty;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
            WriteLine(text, $"{name}_bucket", $"{before}le=\"{Number(bounds[bucket])}\"", buckets[bucket]);
        WriteLine(text, $"{name}_bucket", $"{before}le=\"+Inf\"", count);
        WriteLine(text, $"{name}_sum", labels, sum);
        WriteLine(text, $"{name}_count", labels, count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => Seconds,
        Histogram<int> => Counts,
        _ => [],
    };

    private static string TypeOf(Instrument instrument) => instrument switch
    {
        Counter<long> => "counter",
        Histogram<double> or Histogram<int> => "histogram",
        _ => "gauge",
    };

    /// <summary>As Prometheus has it: no dots, a unit at the end of times, and a mark at the end of counters.</summary>
    private static string NameOf(Instrument instrument)
    {
        var unit = instrument.Unit is "s" ? "_seconds" : string.Empty;
        var mark = instrument is Counter<long> ? "_total" : string.Empty;
        return $"{instrument.Name.Replace('.', '_')}{unit}{mark}";
    }

    private static string Escaped(string label) => label
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
