using System.Reflection;
using System.Runtime.CompilerServices;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>The public and protected members of an assembly, written as the lists in tests/api write them.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>One line per type, and one per member that starts with the type's name.</summary>
    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().SelectMany(Lines);

    /// <summary>The same lines from the text of a list, where members are indented under their type.</summary>
    public static IEnumerable<string> Parse(IEnumerable<string> list)
    {
        var type = string.Empty;
        foreach (var line in list.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var isMember = line[0] == ' ';
            type = isMember ? type : line;
            yield return isMember ? $"{type} | {line.Trim()}" : line;
        }
    }

    private static IEnumerable<string> Lines(Type type)
    {
        var header = Header(type);
        return Members(type).Select(member => $"{header} | {member}").Prepend(header);
    }

    private static string Header(Type type)
    {
        var name = $"{type.Namespace}.{SurfaceText.NameOf(type)}";
        if (type.IsEnum)
        {
            return $"enum {name}";
        }

        if (type.IsValueType)
        {
            return $"struct {name}";
        }

        if (type.IsInterface)
        {
            return $"interface {name}";
        }

        if (IsDelegate(type))
        {
            return $"delegate {name} : MulticastDelegate";
        }

        var kind = (type.IsAbstract, type.IsSealed) switch { (true, true) => "static ", (true, false) => "abstract ", _ => "" };
        var ancestor = type.BaseType == typeof(object) ? "" : $" : {SurfaceText.NameOf(type.BaseType!)}";
        var own = type.GetInterfaces().Except(type.BaseType!.GetInterfaces()).Select(SurfaceText.NameOf).ToList();
        return $"{kind}class {name}{ancestor}{(own.Count == 0 ? "" : $" [{string.Join(", ", own)}]")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return [string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => $"{value}={Convert.ToInt64(value, null)}"))];
        }

        if (IsDelegate(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return [$"{SurfaceText.NameOf(invoke.ReturnType)} ({SurfaceText.Parameters(invoke)})"];
        }

        return type.GetConstructors(Declared).Where(IsOpen).Where(member => !member.IsStatic).Select(member => $"new({SurfaceText.Parameters(member)})")
            .Concat(type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(Field))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsOpen)).Select(Property))
            .Concat(type.GetMethods(Declared).Where(IsOpen).Where(IsOwn).Select(Method));
    }

    private static string Field(FieldInfo field) =>
        $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{SurfaceText.NameOf(field.FieldType)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsOpen).ToList();
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(SurfaceText.Parameter))}]";
        var body = string.Concat(accessors.Select(accessor => accessor.ReturnType == typeof(void) ? "set; " : "get; ").Order());
        return $"{(accessors[0].IsStatic ? "static " : "")}{SurfaceText.NameOf(property.PropertyType)} {name} {{ {body}}}";
    }

    private static string Method(MethodInfo method)
    {
        var kind = method.IsStatic ? "static "
            : method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal ? ""
            : method.IsAbstract ? "abstract "
            : method.GetBaseDefinition() != method ? "override "
            : "virtual ";
        var access = method.IsPublic ? "" : "protected ";
        var generics = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var extended = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{kind}{access}{SurfaceText.NameOf(method.ReturnType)} {method.Name}{generics}({extended}{SurfaceText.Parameters(method)})";
    }

    private static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    private static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>Neither a property's accessor nor one of the few methods that every object has.</summary>
    private static bool IsOwn(MethodInfo method) =>
        !method.IsSpecialName && method.GetBaseDefinition().DeclaringType != typeof(object);
}
