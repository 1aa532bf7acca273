namespace Akka;

/// <summary>The result of something that has no other result than having been done.</summary>
public sealed class Done
{
    /// <summary>The only instance.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
