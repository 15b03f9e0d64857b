using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace Realiz3D.Mesh.Contracts.Tests;

/// <summary>The rules of protos/README.md, checked on a descriptor set with source info.</summary>
internal static partial class ProtoStyle
{
    // Field numbers of descriptor.proto, which source info uses as paths.
    private const int FileMessage = 4, FileEnum = 5, FileService = 6, FileSyntax = 12;
    private const int MessageField = 2, MessageNested = 3, MessageEnum = 4, MessageOneof = 8;
    private const int EnumValue = 2, ServiceMethod = 2;

    /// <summary>Every breach in a set, as "file: name: what".</summary>
    public static IEnumerable<string> Breaches(FileDescriptorSet set) => set.File.SelectMany(Breaches);

    private static IEnumerable<string> Breaches(FileDescriptorProto file)
    {
        var comments = file.SourceCodeInfo.Location
            .Where(place => place.HasLeadingComments
                || place.LeadingDetachedComments.Count > 0 && place.Path is [FileSyntax])
            .Select(place => string.Join('.', place.Path))
            .ToHashSet();
        return OfFile().Concat(OfTypes([], file.MessageType, FileMessage, file.EnumType, FileEnum))
            .Concat(file.Service.SelectMany((service, i) => OfService(service, [FileService, i])))
            .Select(breach => $"{file.Name}: {breach}");

        IEnumerable<string> OfFile()
        {
            var folder = Path.GetDirectoryName(file.Name)!.Replace('/', '.');
            var name = Path.GetFileName(file.Name);
            return When(!PackagePattern().IsMatch(file.Package), "package is not realiz3d.mesh.<name>.v<n>")
                .Concat(When(folder != file.Package, "folder is not the package"))
                .Concat(When(!FilePattern().IsMatch(name), "file name is not lower_snake_case.proto"))
                .Concat(When(
                    file.Service.Count > 0 && !name.EndsWith("_service.proto", StringComparison.Ordinal),
                    "file with a service does not end _service.proto"))
                .Concat(When(file.Service.Count > 1, "file has more than one service"))
                .Concat(When(
                    !file.Options.CsharpNamespace.StartsWith("Realiz3D.Mesh.Contracts.", StringComparison.Ordinal),
                    "csharp_namespace is not under Realiz3D.Mesh.Contracts"))
                .Concat(Commented("file", [FileSyntax]));
        }

        IEnumerable<string> OfTypes(
            int[] path,
            RepeatedField<DescriptorProto> messages,
            int messageField,
            RepeatedField<EnumDescriptorProto> enums,
            int enumField) =>
            messages.SelectMany((message, i) => OfMessage(message, [.. path, messageField, i]))
                .Concat(enums.SelectMany((type, i) => OfEnum(type, [.. path, enumField, i])));

        IEnumerable<string> OfMessage(DescriptorProto message, int[] path) =>
            Commented(message.Name, path)
                .Concat(message.Field.SelectMany((field, i) => OfField(message, field, [.. path, MessageField, i])))
                .Concat(When(!IsDense(message), $"{message.Name}: field numbers are not dense from 1"))
                .Concat(message.OneofDecl.SelectMany((choice, i) => IsOptionalMarker(message, i)
                    ? []
                    : Commented($"{message.Name}.{choice.Name}", [.. path, MessageOneof, i])))
                .Concat(OfTypes(path, message.NestedType, MessageNested, message.EnumType, MessageEnum));

        IEnumerable<string> OfField(DescriptorProto message, FieldDescriptorProto field, int[] path)
        {
            var name = $"{message.Name}.{field.Name}";
            var repeated = field.Label == FieldDescriptorProto.Types.Label.Repeated;
            return Commented(name, path)
                .Concat(When(!SnakePattern().IsMatch(field.Name), $"{name}: not lower_snake_case"))
                .Concat(When(
                    repeated && !field.Name.EndsWith('s') && field.Name != "shape", // one shape, many extents
                    $"{name}: repeated field is not plural"));
        }

        IEnumerable<string> OfEnum(EnumDescriptorProto type, int[] path)
        {
            var prefix = CamelHump().Replace(type.Name, "_").ToUpperInvariant() + "_";
            return Commented(type.Name, path)
                .Concat(When(type.Value[0].Name != prefix + "UNSPECIFIED", $"{type.Name}: 0 is not {prefix}UNSPECIFIED"))
                .Concat(type.Value.SelectMany((value, i) => Commented(value.Name, [.. path, EnumValue, i])
                    .Concat(When(
                        !value.Name.StartsWith(prefix, StringComparison.Ordinal),
                        $"{value.Name}: lacks the prefix {prefix}"))));
        }

        IEnumerable<string> OfService(ServiceDescriptorProto service, int[] path) =>
            Commented(service.Name, path)
                .Concat(When(!ServicePattern().IsMatch(service.Name), $"{service.Name}: not <Noun>Service"))
                .Concat(service.Method.SelectMany((rpc, i) => Commented(rpc.Name, [.. path, ServiceMethod, i])
                    .Concat(When(
                        rpc.InputType != $".{file.Package}.{rpc.Name}Request",
                        $"{rpc.Name}: takes {rpc.InputType}, not {rpc.Name}Request"))
                    .Concat(When(
                        rpc.OutputType != $".{file.Package}.{rpc.Name}Response",
                        $"{rpc.Name}: returns {rpc.OutputType}, not {rpc.Name}Response"))));

        IEnumerable<string> Commented(string name, int[] path) =>
            When(!comments.Contains(string.Join('.', path)), $"{name}: no comment");
    }

    // Reserved numbers are gaps that a removal left behind on purpose.
    private static bool IsDense(DescriptorProto message)
    {
        var taken = message.Field.Select(field => field.Number)
            .Concat(message.ReservedRange.SelectMany(range => Enumerable.Range(range.Start, range.End - range.Start)))
            .ToHashSet();
        return Enumerable.Range(1, taken.Count).All(taken.Contains);
    }

    // `optional` makes a oneof of one field that nobody wrote.
    private static bool IsOptionalMarker(DescriptorProto message, int oneof) =>
        message.Field.Any(field => field.HasOneofIndex && field.OneofIndex == oneof && field.Proto3Optional);

    private static IEnumerable<string> When(bool broken, string what) => broken ? [what] : [];

    [GeneratedRegex(@"^realiz3d\.mesh\.[a-z]+\.v[0-9]+((alpha|beta)[0-9]+)?$")]
    private static partial Regex PackagePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*\.proto$")]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakePattern();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*Service$")]
    private static partial Regex ServicePattern();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex CamelHump();
}
