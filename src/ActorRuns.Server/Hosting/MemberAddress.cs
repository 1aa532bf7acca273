using System.Net;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>Where the other members of a cluster reach a server.</summary>
internal static class MemberAddress
{
    /// <summary>
    /// What the configuration says; else where the server listens, by the name of the machine if that is everywhere.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="listens">Where the server listens.</param>
    /// <exception cref="ConfigurationException">What the configuration says is no address.</exception>
    public static Uri Of(Config config, Uri listens)
    {
        if (config.GetString("actorruns.cluster.address", "") is { Length: > 0 } said)
        {
            return Uri.TryCreate(said, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address
                : throw new ConfigurationException(
                    $"actorruns.cluster.address is {said}; it must be an address such as http://10.0.0.7:8123.");
        }

        var isEverywhere = listens.Host is "*" or "+"
            || (IPAddress.TryParse(listens.Host.Trim('[', ']'), out var ip)
                && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return isEverywhere ? new UriBuilder(listens) { Host = Dns.GetHostName() }.Uri : listens;
    }
}
