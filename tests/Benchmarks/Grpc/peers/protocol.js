'use strict';
// What the JavaScript server and client of the benchmark share.

const path = require('path');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync('transfer.proto', {
  keepCase: true,
  includeDirs: [path.join(__dirname, '../protos'), path.join(__dirname, '../../../../protos')],
});

/** Calls back for every line of input; the process lives as long as its input. */
function forEachLine(answer) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', answer);
  lines.on('close', () => process.exit(0));
}

module.exports = {
  grpc,
  transfer: grpc.loadPackageDefinition(definition).realiz3d.mesh.benchmarks.v1.TransferService,
  echoBytes: 1024,
  streamBytes: 32 * 1024 * 1024,
  forEachLine,
};
