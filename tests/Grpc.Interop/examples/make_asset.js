'use strict';
// Makes an asset from JavaScript: node make_asset.js --gateway=HOST:PORT --scene=vase --out=vase.glb
// Use --prompt="a red vase" in place of --scene for an object that the model paints. Needs @grpc/grpc-js and
// @grpc/proto-loader, which lie beside the peers here.

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const peers = createRequire(path.join(__dirname, '../peers/package.json'));
const grpc = peers('@grpc/grpc-js');
const loader = peers('@grpc/proto-loader');

const definition = loader.loadSync('realiz3d/mesh/jobs/v1/jobs_service.proto', {
  includeDirs: [path.join(__dirname, '../../../protos')],
  enums: String,
});
const { JobService } = grpc.loadPackageDefinition(definition).realiz3d.mesh.jobs.v1;

async function make({ gateway, out, ...source }) {
  const client = new JobService(gateway, grpc.credentials.createInsecure());

  // The key makes it safe to send the request again.
  const request = { idempotencyKey: crypto.randomUUID().replaceAll('-', ''), spec: { seed: 7, ...source } };
  let { job } = await new Promise((resolve, reject) => {
    client.Submit(request, (error, response) => (error ? reject(error) : resolve(response)));
  });

  for await (const news of client.Watch({ jobId: job.jobId })) {
    console.log(news.state, news.stage);
    job = news.job ?? job;
  }
  if (job.state !== 'JOB_STATE_SUCCEEDED') {
    throw new Error(`${job.failure.message} ${job.failure.suggestion}`);
  }

  const file = fs.createWriteStream(out);
  for await (const part of client.Download({ jobId: job.jobId, file: 'JOB_FILE_ASSET' })) {
    file.write(part.chunk?.data ?? Buffer.alloc(0));
  }
  await new Promise((resolve) => file.end(resolve));
  client.close();
}

make(Object.fromEntries(process.argv.slice(2).map((argument) => argument.slice(2).split(/=(.*)/s, 2)))).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
