using System.Reflection;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Types and parameters as C# writes them.</summary>
internal static class SurfaceText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    /// <summary>The name without namespace, with the types around it and its arguments.</summary>
    public static string NameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return NameOf(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return NameOf(underlying) + "?";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        // A nested type carries the arguments of the types around it first; those are written where they belong.
        var outer = type.DeclaringType;
        var own = type.GetGenericArguments().Skip(outer?.GetGenericArguments().Length ?? 0).Select(NameOf).ToList();
        var name = type.Name.Split('`')[0] + (own.Count == 0 ? "" : $"<{string.Join(", ", own)}>");
        return outer is null ? name : $"{NameOf(outer)}.{name}";
    }

    /// <summary>The parameters with types, names and defaults.</summary>
    public static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    /// <summary>A parameter with type, name and default.</summary>
    public static string Parameter(ParameterInfo parameter)
    {
        var many = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{many}{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? $" = {Default(parameter)}" : "")}";
    }

    private static string Default(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return parameter.RawDefaultValue switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            bool truth => truth ? "true" : "false",
            var value when type.IsEnum => $"{NameOf(type)}.{Convert.ToInt64(value, null)}",
            var value => $"{value}",
        };
    }
}
