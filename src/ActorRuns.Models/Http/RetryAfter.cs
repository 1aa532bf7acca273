using System.Globalization;

namespace ActorRuns.Models.Http;

/// <summary>How long a provider asks to wait.</summary>
internal static class RetryAfter
{
    private const string Milliseconds = "retry-after-ms";

    /// <summary>
    /// What the headers say: <c>retry-after-ms</c>, or <c>Retry-After</c> in seconds or as a date; null when they say
    /// nothing. Never negative.
    /// </summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.TryGetValues(Milliseconds, out var values)
            && double.TryParse(
                values.FirstOrDefault(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms)
            && ms <= TimeSpan.FromDays(1).TotalMilliseconds)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        return response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
    }
}
