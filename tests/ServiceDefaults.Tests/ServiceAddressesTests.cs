using Microsoft.Extensions.Configuration;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

public class ServiceAddressesTests
{
    [Fact]
    public void Find_TakesAllAddressesOfTheServiceInOrder()
    {
        var found = Find(
            "denoiser",
            ("services:denoiser:http:0", "http://127.0.0.1:1"),
            ("services:denoiser:http:1", "http://127.0.0.1:2"),
            ("services:geometry:http:0", "http://127.0.0.1:9"));

        Assert.Equal([new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2")], found);
    }

    [Fact]
    public void Find_CountsPodsByNumberAndNothingTwice()
    {
        var found = Find(
            "denoiser",
            ("services:denoiser-10:http:0", "http://127.0.0.1:3"),
            ("services:denoiser-2:http:0", "http://127.0.0.1:2"),
            ("services:denoiser:http:0", "http://127.0.0.1:2"),
            ("services:denoiser-cache:http:0", "http://127.0.0.1:9"));

        Assert.Equal([new Uri("http://127.0.0.1:2"), new Uri("http://127.0.0.1:3")], found);
    }

    [Fact]
    public void Find_WithoutAny_IsEmpty() => Assert.Empty(Find("jobs", ("services:denoiser:http:0", "http://127.0.0.1:1")));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("ftp://127.0.0.1:21")]
    public void Find_WhatIsNoAddress_IsNamed(string value)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => Find("jobs", ("services:jobs:http:0", value)));
        Assert.Equal($"The address '{value}' of the service 'jobs' is not an http, https or dns address.", problem.Message);
    }

    private static IReadOnlyList<Uri> Find(string service, params (string Key, string Value)[] settings) =>
        ServiceAddresses.Find(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
                .Build(),
            service);
}
