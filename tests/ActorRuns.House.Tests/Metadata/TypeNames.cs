using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;

namespace ActorRuns.House.Tests.Metadata;

/// <summary>
/// Writes types as the engine contract's README does: C#'s words where it has some, the bare name otherwise, and
/// <c>T, T1, T2 …</c> for type parameters by their place.
/// </summary>
internal sealed class TypeNames : ISignatureTypeProvider<string, object?>
{
    public static readonly TypeNames Instance = new();

    private TypeNames()
    {
    }

    /// <summary>The full name of a type that is not loaded.</summary>
    public static string Of(MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeDefinition => Of(metadata, (TypeDefinitionHandle)type),
        HandleKind.TypeReference => Of(metadata, (TypeReferenceHandle)type),
        _ => Origin.Of(metadata, (TypeSpecificationHandle)type),
    };

    /// <summary>The full name of a type that is loaded.</summary>
    public static string Of(Type type) =>
        $"{(type.DeclaringType is { } outer ? Of(outer) : type.Namespace)}.{WithParameters(type.Name)}";

    /// <summary>A loaded type as it stands in a signature: without namespace, with what it was made of.</summary>
    public static string Short(Type type) => type switch
    {
        { IsByRef: true } => $"ref {Short(type.GetElementType()!)}",
        { IsArray: true } => $"{Short(type.GetElementType()!)}[]",
        { IsGenericParameter: true } => Parameter(type.GenericParameterPosition),
        _ when Nullable.GetUnderlyingType(type) is { } inner => $"{Short(inner)}?",
        { IsGenericType: true } =>
            $"{BareName(type.Name)}<{string.Join(',', type.GetGenericArguments().Select(Short))}>",
        { IsNested: true } => $"{Short(type.DeclaringType!)}.{type.Name}",
        _ => Word(type.FullName!),
    };

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => Word($"System.{typeCode}");

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = BareName(reader.GetString(type.Name));
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)}.{name}"
            : name;
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        BareName(reader.GetString(reader.GetTypeDefinition(handle).Name));

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        genericType is "Nullable" ? $"{typeArguments[0]}?" : $"{genericType}<{string.Join(',', typeArguments)}>";

    public string GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericMethodParameter(object? genericContext, int index) => Parameter(index);

    public string GetGenericTypeParameter(object? genericContext, int index) => Parameter(index);

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) =>
        $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetByReferenceType(string elementType) => $"ref {elementType}";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "delegate*";

    /// <summary>The names of the first so many type parameters, <c>&lt;T,T1&gt;</c>; nothing for none.</summary>
    public static string Parameters(int count) =>
        count is 0 ? "" : $"<{string.Join(',', Enumerable.Range(0, count).Select(Parameter))}>";

    private static string Of(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = WithParameters(metadata.GetString(type.Name));
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? $"{Of(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static string Of(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = WithParameters(metadata.GetString(type.Name));
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{Of(metadata, outer)}.{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    /// <summary>C#'s word for a type, or its bare name.</summary>
    private static string Word(string fullName) => fullName switch
    {
        "System.Boolean" => "bool",
        "System.Int32" => "int",
        "System.Int64" => "long",
        "System.Single" => "float",
        "System.Byte" or "System.Char" or "System.Double" or "System.Object" or "System.String" or "System.Void" =>
            fullName["System.".Length..].ToLowerInvariant(),
        _ => fullName[(fullName.LastIndexOf('.') + 1)..],
    };

    private static string Parameter(int index) => index is 0 ? "T" : $"T{index}";

    private static string BareName(string name) =>
        name.IndexOf('`', StringComparison.Ordinal) is > 0 and var tick ? name[..tick] : name;

    private static string WithParameters(string name) =>
        name.IndexOf('`', StringComparison.Ordinal) is > 0 and var tick
            ? name[..tick] + Parameters(int.Parse(name.AsSpan(tick + 1), CultureInfo.InvariantCulture))
            : name;

    /// <summary>Finds the type that a constructed one was made of: <c>List&lt;T&gt;</c> for any list.</summary>
    private static class Origin
    {
        public static string Of(MetadataReader metadata, TypeSpecificationHandle handle)
        {
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
            if (signature.ReadSignatureTypeCode() is not SignatureTypeCode.GenericTypeInstance)
                return ""; // An array or a type parameter: nobody's type.

            signature.ReadCompressedInteger(); // Class or value type.
            return TypeNames.Of(metadata, signature.ReadTypeHandle());
        }
    }
}
