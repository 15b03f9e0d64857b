'use strict';
// Asks a server that it knows no proto of what it serves: node reflection.js --server=HOST:PORT
// Fails unless the mesh's six services are there, and the methods of each come with their request and response types.

const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const { GrpcReflection } = require('grpc-js-reflection-client');

const { server } = require('util').parseArgs({ options: { server: { type: 'string' } } }).values;

const wanted = {
  'realiz3d.mesh.appearance.v1.AppearanceService': 'Texture',
  'realiz3d.mesh.artifacts.v1.ArtifactService': 'Upload',
  'realiz3d.mesh.denoiser.v1.DenoiserService': 'GenerateViews',
  'realiz3d.mesh.geometry.v1.GeometryService': 'Reconstruct',
  'realiz3d.mesh.jobs.v1.JobService': 'Submit',
  'realiz3d.mesh.metrics.v1.MetricsService': 'Evaluate',
};

(async () => {
  const reflection = new GrpcReflection(server, grpc.credentials.createInsecure());
  const services = await reflection.listServices();
  for (const [name, method] of Object.entries(wanted)) {
    assert.ok(services.includes(name), `${name} is not among ${services}`);
    const root = (await reflection.getDescriptorBySymbol(name)).getProtobufJsRoot();
    const found = root.lookupService(name).methods[method];
    assert.ok(found, `${name} has no ${method}`);
    const [request, response] = [root.lookupType(found.requestType), root.lookupType(found.responseType)];
    assert.ok(request.fieldsArray.length > 0 && response.fieldsArray.length > 0, `${method}'s messages have no fields`);
    console.log(`${name}/${method}(${request.fullName}) returns ${response.fullName}`);
  }
  process.exit(0);
})().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
