namespace Realiz3D.Mesh.Diffusion;

/// <summary>The side from which a camera sees an object.</summary>
public enum ViewDirection
{
    /// <summary>Azimuth near 0.</summary>
    Front,

    /// <summary>Azimuth near 90 degrees.</summary>
    Left,

    /// <summary>Azimuth near 180 degrees.</summary>
    Back,

    /// <summary>Azimuth near -90 degrees.</summary>
    Right,

    /// <summary>From above.</summary>
    Overhead,

    /// <summary>From below.</summary>
    Underneath,
}

/// <summary>Where one view direction ends and the next begins, in two published conventions, and what prompts say of it.</summary>
/// <remarks>
/// Sources: Poole et al. 2022 (DreamFusion), arXiv:2209.14988, section 3.2; threestudio's prompt processor and stable-dreamfusion's
/// <c>get_view_direction</c>. In threestudio the thresholds are half angles, compared strictly, in single precision.
/// </remarks>
public static class ViewDirections
{
    /// <summary>threestudio's: front and back within half angles, above an elevation overhead, else the side.</summary>
    /// <param name="azimuthDegrees">0 in front, any number of turns.</param>
    /// <param name="elevationDegrees">-90 to 90.</param>
    /// <param name="frontDegrees">Front while |azimuth| is less.</param>
    /// <param name="backDegrees">Back while 180 - |azimuth| is less.</param>
    /// <param name="overheadDegrees">Overhead while the elevation is greater.</param>
    /// <returns>The direction.</returns>
    public static ViewDirection Threestudio(
        float azimuthDegrees, float elevationDegrees, double frontDegrees = 45, double backDegrees = 45, double overheadDegrees = 60)
    {
        var azimuth = Wrap(azimuthDegrees);
        if (elevationDegrees > (float)overheadDegrees)
        {
            return ViewDirection.Overhead;
        }

        if (azimuth > (float)(180 - backDegrees) || azimuth < (float)(-180 + backDegrees))
        {
            return ViewDirection.Back;
        }

        return azimuth > (float)-frontDegrees && azimuth < (float)frontDegrees ? ViewDirection.Front
            : azimuth > 0 ? ViewDirection.Left : ViewDirection.Right;
    }

    /// <summary>stable-dreamfusion's: front and back as wide as the full angle says, caps above and below before anything else.</summary>
    /// <param name="azimuthDegrees">0 in front, any number of turns.</param>
    /// <param name="polarDegrees">0 straight above, 180 straight below.</param>
    /// <param name="frontDegrees">Full width of the front, and of the back.</param>
    /// <param name="overheadDegrees">Polar angle of the cap above, and of the cap below.</param>
    /// <returns>The direction.</returns>
    public static ViewDirection StableDreamfusion(
        double azimuthDegrees, double polarDegrees, double frontDegrees = 60, double overheadDegrees = 30)
    {
        if (polarDegrees >= 180 - overheadDegrees)
        {
            return ViewDirection.Underneath;
        }

        if (polarDegrees <= overheadDegrees)
        {
            return ViewDirection.Overhead;
        }

        var azimuth = azimuthDegrees - (360 * Math.Floor(azimuthDegrees / 360));
        var half = frontDegrees / 2;
        return azimuth >= 180 - half && azimuth < 180 + half ? ViewDirection.Back      // it wins where both are wider than half the circle
            : azimuth < half || azimuth >= 360 - half ? ViewDirection.Front
            : azimuth < 180 ? ViewDirection.Left : ViewDirection.Right;
    }

    /// <summary>What a prompt says of a direction: "front", "side", "back", "overhead" or "bottom".</summary>
    /// <param name="direction">The direction.</param>
    /// <returns>One word.</returns>
    public static string Word(ViewDirection direction) => direction switch
    {
        ViewDirection.Front => "front",
        ViewDirection.Back => "back",
        ViewDirection.Overhead => "overhead",
        ViewDirection.Underneath => "bottom",
        _ => "side",
    };

    /// <summary>A prompt with the direction after it, "a cat, side view".</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="direction">The direction.</param>
    /// <returns>The prompt for the view.</returns>
    public static string After(string prompt, ViewDirection direction) => $"{prompt}, {Word(direction)} view";

    /// <summary>A prompt with the direction before it, "side view of a cat".</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="direction">The direction.</param>
    /// <returns>The prompt for the view.</returns>
    public static string Before(string prompt, ViewDirection direction) =>
        $"{(direction == ViewDirection.Back ? "backside" : Word(direction))} view of {prompt}";

    /// <summary>An azimuth in [-180, 180), in single precision.</summary>
    internal static float Wrap(float degrees)
    {
        var turned = (degrees + 180) % 360;
        return (turned < 0 ? turned + 360 : turned) - 180;
    }
}
