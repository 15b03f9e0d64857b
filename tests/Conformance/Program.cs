using Realiz3D.Mesh.Conformance;
using static TorchSharp.torch;

const string Usage = """
    usage: ./mesh conformance DIR [--kinds a,b,...] [--device cpu|cuda|cuda:N]

      Runs every reference case under DIR (folders with case.json and tensors.safetensors, at any depth) and compares
      every output. Without --kinds, cases of unknown kinds count as failed. The exit code is 0 if all passed.
    """;

if (args is [] or ["help" or "--help" or "-h", ..])
{
    Console.Error.WriteLine(Usage);
    return args is [] ? 2 : 0;
}

try
{
    var options = ConformanceOptions.Parse(args, cuda.is_available() ? cuda.device_count() : 0);
    return ConformanceRun.Run(options, Console.Out);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"conformance: {wrong.Message}");
    return 2;
}
