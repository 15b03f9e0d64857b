'use strict';
// grpc.testing.TestService on @grpc/grpc-js: node server.js --port=PORT

const { grpc, certificate, flags, testing, initialKey, trailingKey, zeros } = require('./protocol');

/** Sends the metadata back that asks for it; returns the trailers. */
function echo(call) {
  const initial = call.metadata.get(initialKey);
  if (initial.length > 0) {
    const headers = new grpc.Metadata();
    headers.set(initialKey, initial[0]);
    call.sendMetadata(headers);
  }
  const trailers = new grpc.Metadata();
  call.metadata.get(trailingKey).forEach((value) => trailers.add(trailingKey, value));
  return trailers;
}

function unaryCall(call, callback) {
  const trailers = echo(call);
  const status = call.request.response_status;
  if (status) {
    callback({ code: status.code, details: status.message, metadata: trailers });
  } else {
    callback(null, { payload: zeros(call.request.response_size) }, trailers);
  }
}

function streamingInputCall(call, callback) {
  const trailers = echo(call);
  let sum = 0;
  call.on('data', (request) => {
    sum += request.payload.body.length;
  });
  call.on('end', () => callback(null, { aggregated_payload_size: sum }, trailers));
}

/** Writes what the request asks for; false when it asks for a status instead. */
async function answer(call, request) {
  if (request.response_status) {
    call.emit('error', { code: request.response_status.code, details: request.response_status.message });
    return false;
  }
  for (const asked of request.response_parameters) {
    await new Promise((resolve) => setTimeout(resolve, asked.interval_us / 1000));
    call.write({ payload: zeros(asked.size) });
  }
  return true;
}

async function streamingOutputCall(call) {
  const trailers = echo(call);
  if (await answer(call, call.request)) {
    call.end(trailers);
  }
}

function fullDuplexCall(call) {
  const trailers = echo(call);
  let answered = Promise.resolve(true);
  call.on('data', (request) => {
    answered = answered.then((goesOn) => goesOn && answer(call, request));
  });
  call.on('end', () => answered.then((goesOn) => goesOn && call.end(trailers)));
}

const server = new grpc.Server();
server.addService(testing.TestService.service, {
  EmptyCall: (call, callback) => callback(null, {}),
  UnaryCall: unaryCall,
  StreamingInputCall: streamingInputCall,
  StreamingOutputCall: streamingOutputCall,
  FullDuplexCall: fullDuplexCall,
});
const given = flags();
const credentials = given.use_tls === 'true'
  ? grpc.ServerCredentials.createSsl(
    null, [{ private_key: certificate(given, 'server1.key'), cert_chain: certificate(given, 'server1.pem') }], false)
  : grpc.ServerCredentials.createInsecure();
server.bindAsync(`127.0.0.1:${given.port}`, credentials, (error, port) => {
  if (error) {
    throw error;
  }
  console.log(`listening on ${port}`);
});
