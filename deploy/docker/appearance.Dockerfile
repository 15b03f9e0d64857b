# docker build --file deploy/docker/appearance.Dockerfile --tag realiz3d/appearance:0.1.0 .
FROM debian:12-slim AS native
RUN apt-get update && apt-get install --yes --no-install-recommends cmake g++ libtorch-dev make && rm -rf /var/lib/apt/lists/*
COPY services/core/TorchSharp/native /source
RUN cmake -S /source -B /build -DCMAKE_BUILD_TYPE=Release -DCMAKE_LIBRARY_OUTPUT_DIRECTORY=/native && cmake --build /build --parallel

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
COPY --from=native /native artifacts/native
RUN dotnet publish services/appearance/Appearance.csproj --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime

# Debian, because libtorch comes from there.
FROM debian:12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates libgd3 libopenblas0-openmp libtorch1.13 && rm -rf /var/lib/apt/lists/*
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
COPY --from=build /app /app
USER 1654
ENV ASPNETCORE_URLS=http://+:8080 DOTNET_gcServer=0
EXPOSE 8080
ENTRYPOINT ["/usr/share/dotnet/dotnet", "/app/Realiz3D.Mesh.Appearance.dll"]
