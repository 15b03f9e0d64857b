using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>Which public operations there are, and which of them a piece of code calls: read from its instructions.</summary>
internal static class Coverage
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly Type[] s_homes =
        [typeof(Tensor), typeof(torch), typeof(nn.functional), typeof(linalg)];

    /// <summary>Every public member that answers a tensor or several, and every one that compares or fills tensors.</summary>
    public static IReadOnlyList<MethodInfo> Operations { get; } =
    [
        .. s_homes.SelectMany(home => home.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => AnswersTensors(method.ReturnType) || method.Name is "set_Item" or "allclose" or "numel"),
    ];

    private static readonly HashSet<(Module, int)> s_known = [.. Operations.Select(Key)];

    public static (Module Module, int Token) Key(MethodBase method) => (method.Module, method.MetadataToken);

    /// <summary>The operation that the code calls last; null when it calls none. A conversion counts where there is nothing else.</summary>
    public static MethodBase? Last(MethodInfo code)
    {
        MethodBase[] called = [.. Instructions(code).Select(step => step.Operand).OfType<MethodBase>().Where(method => s_known.Contains(Key(method)))];
        return called.LastOrDefault(method => method.Name != "op_Implicit") ?? called.LastOrDefault();
    }

    /// <summary>The operation of the same name that a method hands its own arguments to, in order and untouched; null when it does more.</summary>
    public static MethodBase? ForwardsTo(MethodInfo method)
    {
        var steps = Instructions(method).Where(step => step.Code != OpCodes.Nop).ToArray();
        var count = method.GetParameters().Length + (method.IsStatic ? 0 : 1);
        return steps.Length == count + 2
            && steps.Take(count).Select(Argument).SequenceEqual(Enumerable.Range(0, count))
            && steps[^2].Operand is MethodBase target
            && steps[^1].Code == OpCodes.Ret
            && target.Name == method.Name
            && target.GetParameters().Length + (target.IsStatic ? 0 : 1) == count
            ? target
            : null;
    }

    public static string Describe(MethodBase method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    private static bool AnswersTensors(Type type) =>
        type == typeof(Tensor)
        || (type.IsArray && type.GetElementType() == typeof(Tensor))
        || (type.IsGenericType && type.GetGenericArguments().Contains(typeof(Tensor)));

    private static int Argument((OpCode Code, object? Operand) step) => step.Code.Name switch
    {
        "ldarg.0" => 0,
        "ldarg.1" => 1,
        "ldarg.2" => 2,
        "ldarg.3" => 3,
        "ldarg.s" => (byte)step.Operand!,
        _ => -1,
    };

    private static IEnumerable<(OpCode Code, object? Operand)> Instructions(MethodInfo method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            // The prefix of the two-byte codes.
            var wide = bytes[at] == 0xFE;
            var code = s_codes[wide ? (short)(0xFE00 | bytes[at + 1]) : bytes[at]];
            at += wide ? 2 : 1;
            object? operand = code.OperandType switch
            {
                OperandType.InlineMethod => Resolve(method, BitConverter.ToInt32(bytes, at)),
                OperandType.ShortInlineVar => bytes[at],
                _ => null,
            };
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
                _ => 4,
            };
            yield return (code, operand);
        }
    }

    private static MethodBase? Resolve(MethodInfo method, int token)
    {
        var called = method.Module.ResolveMethod(
            token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null);
        return called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
    }
}
