using System.Globalization;

namespace Realiz3D.Mesh.Training;

/// <summary>Tells how training goes: a line now and then, the curve as CSV and as a picture.</summary>
internal sealed class ProgressLog(Recipe recipe)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);

    private readonly string _table = Path.Combine(recipe.Folder, "curve.csv");
    private readonly string _picture = Path.Combine(recipe.Folder, "curve.png");
    private readonly List<(int Step, double Loss)> _curve = [];
    private readonly List<string> _rows = [];
    private TimeSpan _lastLine;
    private int _lastStep;
    private double _sum;

    /// <summary>Reads the curve up to a checkpoint and goes on from there.</summary>
    /// <param name="step">Steps that the checkpoint has.</param>
    public void Resume(int step)
    {
        _lastStep = step;
        if (!File.Exists(_table))
        {
            return;
        }

        foreach (var row in File.ReadLines(_table).Skip(1))
        {
            var cells = row.Split(',');
            if (int.Parse(cells[0], CultureInfo.InvariantCulture) <= step)
            {
                _rows.Add(row);
                _curve.Add((int.Parse(cells[0], CultureInfo.InvariantCulture), double.Parse(cells[2], CultureInfo.InvariantCulture)));
            }
        }
    }

    /// <summary>Notes a step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="elapsed">Time spent.</param>
    /// <param name="loss">Loss of the step.</param>
    /// <param name="rate">Learning rate of the step.</param>
    public void Add(int step, TimeSpan elapsed, double loss, double rate)
    {
        _sum += loss;
        if (_lastLine == default)
        {
            _lastLine = elapsed;
        }

        if (elapsed - _lastLine >= Between)
        {
            Flush(step, elapsed, rate);
        }
    }

    /// <summary>Writes what is left.</summary>
    /// <param name="elapsed">Time spent.</param>
    public void Finish(TimeSpan elapsed)
    {
        Save();
        Console.WriteLine($"{Path.GetFileName(recipe.Folder)}: stopped after {elapsed.TotalMinutes:F1} min.");
    }

    private void Flush(int step, TimeSpan elapsed, double rate)
    {
        var mean = _sum / (step - _lastStep);
        var perStep = (elapsed - _lastLine) / (step - _lastStep);
        var progress = recipe.Progress(step, elapsed);
        var left = progress > 0 ? elapsed * ((1 - progress) / progress) : TimeSpan.Zero;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(recipe.Folder)}: step {step}, loss {mean:F4}, rate {rate:E1}, "
            + $"{perStep.TotalSeconds:F2} s/step, {elapsed.TotalMinutes:F1} min, {Math.Max(0, left.TotalMinutes):F1} min left"));
        _curve.Add((step, mean));
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture, $"{step},{elapsed.TotalSeconds:F1},{mean:G6},{rate:G4}"));
        (_lastLine, _lastStep, _sum) = (elapsed, step, 0);
        Save();
    }

    private void Save()
    {
        File.WriteAllLines(_table, _rows.Prepend("step,seconds,loss,rate"));
        if (_curve.Count > 1)
        {
            File.WriteAllBytes(_picture, CurvePicture.Draw(_curve).ToPng());
        }
    }
}
