using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Storage;

await GeometryProgram.Build(args, ArtifactStore.FromEnvironment(), new ShapeFitConfig()).RunAsync();
