using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Normals of a control set as views that can be baked: world normals n as the values (n + 1) / 2.</summary>
public static class NormalViews
{
    /// <summary>Makes views of the normals.</summary>
    /// <param name="controls">The controls; normals along the camera's axes are turned into the world.</param>
    /// <returns>Views with alpha 1 where the object is; to be baked with <c>Lit</c> and <c>LevelSeams</c> off, as creases are real.</returns>
    public static ViewSet Of(ControlSet controls)
    {
        var plane = controls.Size * controls.Size;
        var rgba = new float[4 * plane * controls.Count];
        for (var view = 0; view < controls.Count; view++)
        {
            var (right, up, back) = Camera.Of(controls.Cameras[view]).Axes();
            for (var pixel = 0; pixel < plane; pixel++)
            {
                if (controls.Mask[(view * plane) + pixel] == 0)
                {
                    continue;
                }

                float Given(int axis) => controls.Normals[(((3 * view) + axis) * plane) + pixel];
                for (var axis = 0; axis < 3; axis++)
                {
                    var world = controls.Frame.CameraNormals
                        ? (Given(0) * right[axis]) + (Given(1) * up[axis]) + (Given(2) * back[axis])
                        : Given(axis);
                    rgba[(((4 * view) + axis) * plane) + pixel] = (float)((world + 1) / 2);
                }

                rgba[(((4 * view) + 3) * plane) + pixel] = 1;
            }
        }

        return new ViewSet(rgba, controls.Size, controls.Cameras, "scene", "", 0, "");
    }
}
