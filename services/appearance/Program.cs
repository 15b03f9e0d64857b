using Realiz3D.Mesh.Texturing;

await AppearanceProgram.Build(args).RunAsync();
