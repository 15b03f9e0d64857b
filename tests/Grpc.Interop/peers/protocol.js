'use strict';
// What the JavaScript client and server of the interop tests share.

const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, '../protos/grpc/testing/test_service.proto'), {
  keepCase: true,
  defaults: true,
});

/** The value of each flag, which is written --name=value. */
function flags() {
  return Object.fromEntries(process.argv.slice(2).map((argument) => {
    const [, name, value] = /^--([^=]+)=(.*)$/.exec(argument) ?? [];
    if (!name) {
      throw new Error(`${argument}: flags are written --name=value`);
    }
    return [name, value];
  }));
}

/** A file of --certificates, which our server makes. */
const certificate = (given, name) => fs.readFileSync(path.join(given.certificates, name));

module.exports = {
  certificate,
  grpc,
  flags,
  testing: grpc.loadPackageDefinition(definition).grpc.testing,
  initialKey: 'x-grpc-test-echo-initial',
  trailingKey: 'x-grpc-test-echo-trailing-bin',
  zeros: (size) => ({ body: Buffer.alloc(size) }),
};
