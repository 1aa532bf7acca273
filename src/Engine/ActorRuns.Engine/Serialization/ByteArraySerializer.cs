using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Leaves bytes as they are.</summary>
public sealed class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => (byte[])obj;

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => bytes;
}
