using Realiz3D.Mesh.Denoising;

try
{
    await DenoiserProgram.Build(args).RunAsync();
    return Environment.ExitCode; // set where a step hangs
}
catch (DenoiserStartException problem)
{
    await Console.Error.WriteLineAsync($"denoiser: {problem.Message}");
    return 1;
}
