using System.CommandLine;
using Realiz3D.Mesh.Training;

// The trainer: one command per part of a model. `./mesh train <command>` calls this program.
var root = new RootCommand("Trains realiz3d-mini on procedural objects.");
root.Subcommands.Add(Commands.Data());
root.Subcommands.Add(Commands.Text());
root.Subcommands.Add(Commands.Autoencoder());
root.Subcommands.Add(Commands.Base());
root.Subcommands.Add(Commands.Classifier());
root.Subcommands.Add(Commands.Export());

// A stopped run writes its checkpoint first, which takes as long as a step.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
