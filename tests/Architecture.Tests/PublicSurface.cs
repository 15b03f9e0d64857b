using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>What an assembly shows to those who compile against it, read from its metadata.</summary>
/// <remarks>
/// Left out is what shows nothing new: overrides, what the compiler adds to records and delegates, accessors (their
/// property counts) and parameterless constructors; and nested types that are protected internal, which the lists lack.
/// </remarks>
internal sealed class PublicSurface : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    public PublicSurface(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The public types with the keys of their members, in the form of <see cref="ApiList"/>.</summary>
    public IEnumerable<(string Type, IReadOnlyList<string> Members)> Types() =>
        from handle in _reader.TypeDefinitions
        let type = _reader.GetTypeDefinition(handle)
        where IsVisible(type)
        select (NameOf(type), (IReadOnlyList<string>)[.. IsDelegate(type) ? [] : MembersOf(type)]);

    private IEnumerable<string> MembersOf(TypeDefinition type)
    {
        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition))
        {
            if (IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)) && !field.Attributes.HasFlag(FieldAttributes.SpecialName))
            {
                yield return Text(field.Name);
            }
        }

        foreach (var property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            var accessors = property.GetAccessors();
            var accessor = _reader.GetMethodDefinition(accessors.Getter.IsNil ? accessors.Setter : accessors.Getter);
            if (IsVisible(accessor.Attributes) && !IsOverride(accessor) && !IsFromCompiler(property.GetCustomAttributes()))
            {
                var parameters = ParametersOf(accessor);
                yield return parameters.Count == 0 ? Text(property.Name) : $"this({string.Join(',', parameters)})";
            }
        }

        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition))
        {
            var name = Text(method.Name);
            var isAccessor = method.Attributes.HasFlag(MethodAttributes.SpecialName) && name.Split('_')[0] is "get" or "set" or "add" or "remove";
            var parameters = ParametersOf(method);
            var isPlainConstructor = name == ".ctor" && parameters.Count == 0;
            if (IsVisible(method.Attributes) && !isAccessor && !isPlainConstructor && name != ".cctor" && !IsOverride(method)
                && !IsFromCompiler(method.GetCustomAttributes()))
            {
                yield return $"{(name == ".ctor" ? "new" : name)}({string.Join(',', parameters)})";
            }
        }
    }

    private List<string> ParametersOf(MethodDefinition method)
    {
        var context = new TypeSpelling.Context(
            TypeParameters(_reader.GetTypeDefinition(method.GetDeclaringType()).GetGenericParameters()),
            TypeParameters(method.GetGenericParameters()));
        var types = method.DecodeSignature(new TypeSpelling(), context).ParameterTypes;
        return [.. method.GetParameters().Select(_reader.GetParameter)
            .Where(parameter => parameter.SequenceNumber > 0)
            .OrderBy(parameter => parameter.SequenceNumber)
            .Select(parameter => $"{types[parameter.SequenceNumber - 1]} {Text(parameter.Name)}")];
    }

    private List<string> TypeParameters(GenericParameterHandleCollection parameters) =>
        [.. parameters.Select(_reader.GetGenericParameter).OrderBy(parameter => parameter.Index).Select(parameter => Text(parameter.Name))];

    private bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => !Text(type.Name).Contains('<', StringComparison.Ordinal),
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily =>
            IsVisible(_reader.GetTypeDefinition(type.GetDeclaringType())) && !Text(type.Name).Contains('<', StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsOverride(MethodDefinition method) =>
        method.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Attributes.HasFlag(MethodAttributes.NewSlot);

    private bool IsDelegate(TypeDefinition type) =>
        type.BaseType.Kind == HandleKind.TypeReference
        && Text(_reader.GetTypeReference((TypeReferenceHandle)type.BaseType).Name) == nameof(MulticastDelegate);

    private bool IsFromCompiler(CustomAttributeHandleCollection attributes) => attributes
        .Select(handle => _reader.GetCustomAttribute(handle).Constructor)
        .Where(constructor => constructor.Kind == HandleKind.MemberReference)
        .Select(constructor => _reader.GetMemberReference((MemberReferenceHandle)constructor).Parent)
        .Where(parent => parent.Kind == HandleKind.TypeReference)
        .Any(parent => Text(_reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "CompilerGeneratedAttribute");

    private string NameOf(TypeDefinition type)
    {
        var own = Text(type.Name);
        return type.IsNested
            ? $"{NameOf(_reader.GetTypeDefinition(type.GetDeclaringType()))}.{own}"
            : type.Namespace.IsNil ? own : $"{Text(type.Namespace)}.{own}";
    }

    private string Text(StringHandle handle) => _reader.GetString(handle);
}
