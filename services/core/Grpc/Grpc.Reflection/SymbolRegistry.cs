using Google.Protobuf.Reflection;
using Grpc.Core.Utils;

namespace Grpc.Reflection;

/// <summary>Finds the files that declare things, among given files and all that they import.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> _byName = [];
    private readonly Dictionary<string, FileDescriptor> _bySymbol = [];

    private SymbolRegistry()
    {
    }

    /// <summary>Creates a registry of the files and of those that they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        GrpcPreconditions.CheckNotNull(fileDescriptors, nameof(fileDescriptors));
        var registry = new SymbolRegistry();
        foreach (var file in fileDescriptors)
        {
            registry.AddFile(file);
        }

        return registry;
    }

    /// <summary>The file of this name, or null.</summary>
    public FileDescriptor? FileByName(string filename) => _byName.GetValueOrDefault(filename);

    /// <summary>The file that declares this service, method, message or enum, or null.</summary>
    public FileDescriptor? FileContainingSymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    private void AddFile(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var imported in file.Dependencies)
        {
            AddFile(imported);
        }

        foreach (var service in file.Services)
        {
            AddSymbol(service);
            service.Methods.ToList().ForEach(AddSymbol);
        }

        file.EnumTypes.ToList().ForEach(AddSymbol);
        foreach (var message in file.MessageTypes)
        {
            AddMessage(message);
        }
    }

    private void AddMessage(MessageDescriptor message)
    {
        AddSymbol(message);
        message.EnumTypes.ToList().ForEach(AddSymbol);
        foreach (var nested in message.NestedTypes)
        {
            AddMessage(nested);
        }
    }

    private void AddSymbol(IDescriptor symbol) => _bySymbol[symbol.FullName] = symbol.File;
}
