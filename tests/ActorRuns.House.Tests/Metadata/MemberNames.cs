using System.Reflection;
using System.Reflection.Metadata;

namespace ActorRuns.House.Tests.Metadata;

/// <summary>Writes members as the engine contract's README does.</summary>
internal static class MemberNames
{
    /// <summary>A member of another assembly.</summary>
    public static string Of(MetadataReader metadata, MemberReference member)
    {
        var name = metadata.GetString(member.Name);
        return member.GetKind() is MemberReferenceKind.Field
            ? name
            : Of(name, member.DecodeMethodSignature(TypeNames.Instance, genericContext: null));
    }

    /// <summary>A method of the assembly itself.</summary>
    public static string Of(MetadataReader metadata, MethodDefinition method) =>
        Of(metadata.GetString(method.Name), method.DecodeSignature(TypeNames.Instance, genericContext: null));

    /// <summary>A method of a loaded assembly.</summary>
    public static string Of(MethodBase method) => Of(
        method.Name,
        method.IsGenericMethod ? method.GetGenericArguments().Length : 0,
        method.GetParameters().Select(parameter => TypeNames.Short(parameter.ParameterType)));

    private static string Of(string name, MethodSignature<string> signature) =>
        Of(name, signature.GenericParameterCount, signature.ParameterTypes);

    private static string Of(string name, int typeParameters, IEnumerable<string> parameters)
    {
        if (name.StartsWith("get_", StringComparison.Ordinal))
            return name[4..];
        if (name.StartsWith("set_", StringComparison.Ordinal))
            return $"{name[4..]} (set)";
        if (name is "op_Division")
            return "operator /";

        var shown = name is ".ctor" ? "new" : name;
        return $"{shown}{TypeNames.Parameters(typeParameters)}({string.Join(", ", parameters)})";
    }
}
