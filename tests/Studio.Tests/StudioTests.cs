using System.Net;
using Grpc.Core;

namespace Realiz3D.Mesh.Studio.Tests;

public sealed class StudioTests(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Download_IsTheFile_WithItsTypeAndLength()
    {
        using var browser = host.Browser;
        using var response = await browser.GetAsync("jobs/done/sheet.png").WaitAsync(Timeout);

        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(FakeJobs.Sheet.Length, response.Content.Headers.ContentLength);
        Assert.Equal(FakeJobs.Sheet, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("jobs/early/sheet.png", HttpStatusCode.Conflict, "The job has not finished.")]
    [InlineData("jobs/other/sheet.png", HttpStatusCode.NotFound, "There is no such job.")]
    [InlineData("jobs/done/secrets.txt", HttpStatusCode.NotFound, "")]
    public async Task Download_OfNothing_SaysWhy(string path, HttpStatusCode status, string sentence)
    {
        using var browser = host.Browser;
        using var response = await browser.GetAsync(path).WaitAsync(Timeout);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(sentence, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Submit_HandsPromptAndSeedOn() =>
        Assert.Equal("a vase-7", await host.Jobs.SubmitAsync("a vase", 7, CancellationToken.None).WaitAsync(Timeout));

    [Fact]
    public async Task Submit_Refused_IsExplainedInTheServicesWords()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Jobs.SubmitAsync("", 0, CancellationToken.None).WaitAsync(Timeout));

        Assert.Equal("prompt must have 1 to 2000 characters.", JobClient.Explain(refusal));
    }

    [Fact]
    public void Explain_HidesWhatTheNetworkSays() => Assert.Equal(
        "The mesh cannot be reached right now; try again in a moment.",
        JobClient.Explain(new RpcException(new Status(StatusCode.Unavailable, "Connection refused (127.0.0.1:1)"))));

    [Fact]
    public async Task Page_BringsBlazorsScript()
    {
        using var browser = host.Browser;
        var page = await browser.GetStringAsync("").WaitAsync(Timeout);
        var script = await browser.GetStringAsync("_framework/blazor.web.js").WaitAsync(Timeout);

        Assert.Contains("""<script src="_framework/blazor.web.js"></script>""", page, StringComparison.Ordinal);
        Assert.StartsWith("!function(){", script, StringComparison.Ordinal);
        Assert.Equal(187546, script.Length);
    }
}
