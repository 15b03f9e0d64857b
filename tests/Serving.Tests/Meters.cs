using System.Diagnostics.Metrics;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>Listens to the batchers' meter.</summary>
internal static class Meters
{
    /// <summary>Hands on every measurement of one number type until the result is disposed.</summary>
    public static MeterListener Listen<T>(Action<string, T> measured)
        where T : struct => Listen<T>((name, value, _) => measured(name, value));

    /// <summary>The same, with the value of the only attribute; empty where there is none.</summary>
    public static MeterListener Listen<T>(Action<string, T, string> measured)
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
        listener.SetMeasurementEventCallback<T>((instrument, value, tags, _) =>
        {
            var attribute = tags.Length == 0 ? "" : $"{tags[0].Key}={tags[0].Value}";
            lock (listener)
            {
                measured(instrument.Name, value, attribute);
            }
        });
        listener.Start();
        return listener;
    }
}
