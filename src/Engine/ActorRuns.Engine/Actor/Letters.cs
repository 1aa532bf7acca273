namespace Akka.Actor;

/// <summary>Writes numbers short: <c>a</c>, <c>b</c>, … for generated names.</summary>
internal static class Letters
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    /// <summary>The number with its lowest digit first; different for each.</summary>
    public static string Of(long number)
    {
        Span<char> text = stackalloc char[11];
        var length = 0;
        do
        {
            text[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(text[..length]);
    }
}
