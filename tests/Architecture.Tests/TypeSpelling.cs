using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>Spells the types of a signature as the keys of <see cref="ApiList"/> do: without namespaces and outer types.</summary>
internal sealed class TypeSpelling : ISignatureTypeProvider<string, TypeSpelling.Context>
{
    /// <summary>The names of the type parameters that a signature refers to by number.</summary>
    internal sealed record Context(IReadOnlyList<string> OfType, IReadOnlyList<string> OfMethod);

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.Char or PrimitiveTypeCode.SByte or PrimitiveTypeCode.UInt16 or PrimitiveTypeCode.UInt32 or PrimitiveTypeCode.UInt64
            or PrimitiveTypeCode.IntPtr or PrimitiveTypeCode.UIntPtr => typeCode.ToString(),
        _ => typeCode.ToString().ToLowerInvariant(),
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Plain(reader.GetString(reader.GetTypeDefinition(handle).Name));

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Plain(reader.GetString(reader.GetTypeReference(handle).Name));

    public string GetTypeFromSpecification(MetadataReader reader, Context genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType switch
    {
        "Nullable" => $"{typeArguments[0]}?",
        "ValueTuple" => $"({string.Join(',', typeArguments)})",
        _ => $"{genericType}<{string.Join(',', typeArguments)}>",
    };

    public string GetGenericTypeParameter(Context genericContext, int index) => genericContext.OfType[index];

    public string GetGenericMethodParameter(Context genericContext, int index) => genericContext.OfMethod[index];

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetByReferenceType(string elementType) => $"{elementType}&";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        $"delegate*<{string.Join(',', [.. signature.ParameterTypes, signature.ReturnType])}>";

    private static string Plain(string name) => name.Split('`')[0];
}
