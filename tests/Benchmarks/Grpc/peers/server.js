'use strict';
// The benchmark's server on @grpc/grpc-js: node server.js

const { grpc, transfer, forEachLine } = require('./protocol');

/** Sends a header and chunks, as fast as the client takes them. */
function send(call) {
  const { chunk_count: count, chunk_bytes: bytes } = call.request;
  const data = Buffer.alloc(bytes);
  let sent = 0;
  call.write({ frame: { header: { name: 'x', element_type: 'ELEMENT_TYPE_U8', shape: [count * bytes], byte_length: count * bytes } } });
  const goOn = () => {
    while (sent < count) {
      const more = call.write({ frame: { chunk: { offset: sent * bytes, data } } });
      sent += 1;
      if (!more) {
        call.once('drain', goOn);
        return;
      }
    }
    call.end();
  };
  goOn();
}

const server = new grpc.Server();
server.addService(transfer.service, {
  Echo: (call, callback) => callback(null, { data: call.request.data }),
  Send: send,
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(`listening on ${port}`);
});
forEachLine(() => {});
