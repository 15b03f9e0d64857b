using System.Diagnostics.Metrics;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>Listens to the batchers' meter.</summary>
internal static class Meters
{
    /// <summary>Hands on every measurement of one number type until the result is disposed.</summary>
    public static MeterListener Listen<T>(Action<string, T> measured)
        where T : struct
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ServingTelemetry.SourceName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<T>((instrument, value, _, _) =>
        {
            lock (listener)
            {
                measured(instrument.Name, value);
            }
        });
        listener.Start();
        return listener;
    }
}
