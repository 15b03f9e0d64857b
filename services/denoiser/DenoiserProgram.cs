using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The service cannot start: the message says in one sentence what is wrong and where.</summary>
internal sealed class DenoiserStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Puts the service together; tests do the same with other settings.</summary>
internal static class DenoiserProgram
{
    /// <summary>Builds the service, loads the default model, so that a broken folder stops the start, and lets it take a first step.</summary>
    /// <param name="arguments">Command line; settings may be given as <c>--REALIZ3D_MODELS=...</c>.</param>
    /// <param name="replace">What tests put in the place of the clock and of the process's end.</param>
    /// <returns>The service, not yet running.</returns>
    /// <exception cref="DenoiserStartException">A setting or the default model is wrong.</exception>
    public static WebApplication Build(string[] arguments, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();

        var options = DenoiserOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ModelCatalog>();
        builder.Services.AddSingleton(new ArtifactStore(options.Artifacts));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ProcessEnd(code => Environment.ExitCode = code, Environment.Exit));
        builder.Services.AddSingleton<HungPod>();
        builder.Services.AddSingleton(services => new StepBatcher(
            options.Batcher, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<HungPod>().Leave));
        builder.Services.AddSingleton(services =>
            DenoiseCache.OpenAsync(options.Cache, services.GetRequiredService<ILogger<DenoiseCache>>()).GetAwaiter().GetResult());
        builder.Services.AddSingleton<PromptEncoder>();
        builder.Services.AddSingleton<FinishedWork>();
        builder.Services.AddHealthChecks().AddCheck<StepHealth>("steps");
        builder.Services.AddSingleton<DenoisePipeline>();
        builder.Services.AddSingleton<ViewEditor>();
        builder.Services.AddSingleton<ImagePainter>();
        builder.Services.AddSingleton<NoisePredictor>();

        replace?.Invoke(builder.Services);
        var app = builder.Build();
        WarmUp(app, options);
        app.MapDefaultEndpoints();
        app.MapGrpcService<DenoiserEndpoint>();
        return app;
    }

    // The service listens only afterwards, so that nobody finds it ready before.
    private static void WarmUp(WebApplication app, DenoiserOptions options)
    {
        try
        {
            app.Services.GetRequiredService<DenoiseCache>(); // what is wrong with it is said at the start
            var batcher = app.Services.GetRequiredService<StepBatcher>();
            if (!app.Services.GetRequiredService<ModelCatalog>().WarmUpDefaultAsync(batcher).GetAwaiter().GetResult())
            {
                Log.NoDefaultModel(app.Logger, options.DefaultModel, options.Models);
            }
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }
}
