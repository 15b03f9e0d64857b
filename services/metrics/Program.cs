using Realiz3D.Mesh.Measuring;

await MetricsProgram.Build(args).RunAsync();
