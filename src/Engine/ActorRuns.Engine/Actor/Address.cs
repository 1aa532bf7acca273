namespace Akka.Actor;

/// <summary>
/// Where an actor system lives. This engine has local systems only, so host and port are always absent.
/// </summary>
/// <param name="Protocol">The scheme of paths, <c>akka</c>.</param>
/// <param name="System">The name of the actor system.</param>
/// <param name="Host">The host of a remote system, or null.</param>
/// <param name="Port">The port of a remote system, or null.</param>
public sealed record Address(string Protocol, string System, string? Host = null, int? Port = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Host is null ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}:{Port}";
}
