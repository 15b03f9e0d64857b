using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.Texturing;

/// <summary>What <see cref="BakePipeline"/> reports while it works.</summary>
internal abstract record BakeUpdate
{
    /// <summary>The message that carries it.</summary>
    public abstract BakeResponse ToWire();

    /// <summary>A step begins.</summary>
    /// <param name="Done">Steps done.</param>
    /// <param name="Count">Steps in all.</param>
    /// <param name="Message">What begins.</param>
    /// <param name="Preview">The asset as it stands, a PNG; empty before there is anything to show.</param>
    public sealed record Step(int Done, int Count, string Message, byte[] Preview) : BakeUpdate
    {
        /// <inheritdoc/>
        public override BakeResponse ToWire() => new()
        {
            Progress = new StageProgress { Step = Done, StepCount = Count, Message = Message, PreviewPng = ByteString.CopyFrom(Preview) },
        };
    }

    /// <summary>The asset is stored.</summary>
    /// <param name="Asset">What is said of it.</param>
    public sealed record Finished(BakedAsset Asset) : BakeUpdate
    {
        /// <inheritdoc/>
        public override BakeResponse ToWire() => new() { Result = Asset };
    }
}
