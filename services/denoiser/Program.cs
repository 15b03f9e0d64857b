using Realiz3D.Mesh.Denoising;

try
{
    await DenoiserProgram.Build(args).RunAsync();
    return 0;
}
catch (DenoiserStartException problem)
{
    await Console.Error.WriteLineAsync($"denoiser: {problem.Message}");
    return 1;
}
