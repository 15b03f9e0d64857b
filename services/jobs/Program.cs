using Realiz3D.Mesh.Jobs;

await JobsProgram.Build(args).RunAsync();
