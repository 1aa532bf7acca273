using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>
/// What members say to each other besides the request itself. Nothing of it gives more rights than a client has: who
/// sends it from outside can choose the id of what it makes, and is not sent on.
/// </summary>
internal static class ClusterHeaders
{
    /// <summary>The member that sends a request on; a request that has it is not sent on again.</summary>
    public const string Hop = "X-ActorRuns-Hop";

    /// <summary>The id of the thread or run that a request makes, so that it can be sent twice.</summary>
    public const string NewId = "X-ActorRuns-New-Id";

    /// <summary>On an answer: the thread is not this member's, and nothing was done.</summary>
    public const string Elsewhere = "X-ActorRuns-Elsewhere";

    /// <summary>True when another member has sent the request on.</summary>
    public static bool IsForwarded(HttpContext context) => context.Request.Headers.ContainsKey(Hop);

    /// <summary>The id that was chosen for what a request makes; null when none was.</summary>
    public static Guid? NewIdOf(HttpContext context)
    {
        if (context.Items.TryGetValue(NewId, out var chosen))
            return (Guid?)chosen;
        return IsForwarded(context) && Guid.TryParseExact(context.Request.Headers[NewId], "D", out var sent)
            ? sent
            : null;
    }
}
