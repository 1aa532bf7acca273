using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Util;
using Json = System.Text.Json.JsonSerializer;

namespace Akka.Serialization;

/// <summary>
/// The serializer of what none is bound to: JSON that names the types it holds, so it needs no manifest. It is meant
/// for tests and small systems; what is stored for long deserves a serializer with manifests of its own.
/// </summary>
public sealed class JsonSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        Converters = { new NamedTypeConverterFactory() },
    };

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => Json.SerializeToUtf8Bytes<object>(obj, Options);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        Json.Deserialize<object>(bytes, Options) ?? throw new JsonException("Stored data must not be null.");

    /// <summary>
    /// Writes the type beside the value wherever the declared type does not say enough to read it back.
    /// </summary>
    private sealed class NamedTypeConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(object)
            || ((typeToConvert.IsAbstract || typeToConvert.IsInterface)
                && !typeof(System.Collections.IEnumerable).IsAssignableFrom(typeToConvert));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(NamedTypeConverter<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class NamedTypeConverter<T> : JsonConverter<T>
    {
        private const string TypeProperty = "$type";
        private const string ValueProperty = "$value";

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var name = document.RootElement.GetProperty(TypeProperty).GetString()
                ?? throw new JsonException($"{TypeProperty} must not be null.");
            var type = TypeNames.Require(name, "The type of stored data");
            var value = document.RootElement.GetProperty(ValueProperty).Deserialize(type, options);
            return (T)(value ?? throw new JsonException($"{ValueProperty} must not be null."));
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var type = value!.GetType(); // The serializer writes nulls itself.
            writer.WriteStartObject();
            writer.WriteString(TypeProperty, TypeNames.Of(type));
            writer.WritePropertyName(ValueProperty);
            Json.Serialize(writer, value, type, options);
            writer.WriteEndObject();
        }
    }
}
