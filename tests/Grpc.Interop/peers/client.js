'use strict';
// Cases on @grpc/grpc-js: node client.js --server_host=HOST --server_port=PORT --test_case=NAME[,NAME...]
// One line each: "passed NAME", or "failed NAME: reason".

const assert = require('assert');
const { grpc, certificate, flags, testing, initialKey, trailingKey, zeros } = require('./protocol');

const special = '\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \u{1F608}\t\n';
const requestSizes = [27182, 8, 1828, 45904];
const responseSizes = [31415, 9, 2653, 58979];
const large = (more) => ({ response_size: 314159, payload: zeros(271828), ...more });
const ask = (sent, asked) => ({ response_parameters: [{ size: asked }], payload: zeros(sent) });

/** Ends with the response, or throws the call's status. */
function unary(client, method, request, metadata = new grpc.Metadata()) {
  const seen = {};
  return new Promise((resolve, reject) => {
    client[method](request, metadata, (error, response) => Object.assign(seen, { error, response }))
      .on('metadata', (headers) => Object.assign(seen, { headers }))
      .on('status', (status) => (seen.error ? reject(seen.error) : resolve({ ...seen, trailers: status.metadata })));
  });
}

/** Reads a stream one by one; the status is OK at its end, or thrown. */
function messages(call) {
  call.ended = new Promise((resolve) => call.on('status', resolve));
  return call[Symbol.asyncIterator]();
}

async function next(stream) {
  const { value, done } = await stream.next();
  assert.ok(!done, 'the stream ended early');
  return value;
}

const checkZeros = (size, message) => assert.ok(message.payload.body.equals(Buffer.alloc(size)), `not ${size} zeros`);
const checkEnd = async (stream) => assert.ok((await stream.next()).done, 'one message too many');
const endsWith = (code, promise) => assert.rejects(promise, (error) => {
  assert.strictEqual(error.code, code, error.message);
  return true;
});

function checkEcho(headers, trailers) {
  assert.deepStrictEqual(headers.get(initialKey), ['test_initial_metadata_value']);
  assert.deepStrictEqual(trailers.get(trailingKey), [Buffer.from('ababab', 'hex')]);
}

async function endsAsAsked(promise, details) {
  await assert.rejects(promise, (error) => {
    assert.deepStrictEqual([error.code, error.details], [2, details]);
    return true;
  });
}

const cases = {
  empty_unary: async (client) => assert.deepStrictEqual({ ...(await unary(client, 'EmptyCall', {})).response }, {}),
  large_unary: async (client) => checkZeros(314159, (await unary(client, 'UnaryCall', large())).response),
  client_streaming: (client) => new Promise((resolve, reject) => {
    const call = client.StreamingInputCall((error, response) => (error ? reject(error) : resolve(response)));
    requestSizes.forEach((size) => call.write({ payload: zeros(size) }));
    call.end();
  }).then((response) => assert.strictEqual(response.aggregated_payload_size, 74922)),
  server_streaming: async (client) => {
    const stream = messages(client.StreamingOutputCall({ response_parameters: responseSizes.map((size) => ({ size })) }));
    for (const size of responseSizes) {
      checkZeros(size, await next(stream));
    }
    await checkEnd(stream);
  },
  ping_pong: async (client) => {
    const call = client.FullDuplexCall();
    const stream = messages(call);
    for (const [i, size] of responseSizes.entries()) {
      call.write(ask(requestSizes[i], size));
      checkZeros(size, await next(stream));
    }
    call.end();
    await checkEnd(stream);
  },
  empty_stream: async (client) => {
    const call = client.FullDuplexCall();
    const stream = messages(call);
    call.end();
    await checkEnd(stream);
    assert.strictEqual((await call.ended).code, 0);
  },
  cancel_after_begin: (client) => endsWith(1, new Promise((resolve, reject) => {
    client.StreamingInputCall((error, response) => (error ? reject(error) : resolve(response))).cancel();
  })),
  cancel_after_first_response: async (client) => {
    const call = client.FullDuplexCall();
    const stream = messages(call);
    call.write(ask(27182, 31415));
    checkZeros(31415, await next(stream));
    call.cancel();
    await endsWith(1, stream.next());
  },
  timeout_on_sleeping_server: async (client) => {
    const call = client.FullDuplexCall({ deadline: Date.now() + 1 });
    const stream = messages(call);
    call.write({ payload: zeros(27182) });
    await endsWith(4, stream.next());
  },
  custom_metadata: async (client) => {
    const metadata = new grpc.Metadata();
    metadata.set(initialKey, 'test_initial_metadata_value');
    metadata.set(trailingKey, Buffer.from('ababab', 'hex'));
    const { response, headers, trailers } = await unary(client, 'UnaryCall', large(), metadata);
    checkZeros(314159, response);
    checkEcho(headers, trailers);

    const call = client.FullDuplexCall(metadata);
    const received = new Promise((resolve) => call.on('metadata', resolve));
    const stream = messages(call);
    call.write(ask(271828, 314159));
    call.end();
    checkZeros(314159, await next(stream));
    await checkEnd(stream);
    checkEcho(await received, (await call.ended).metadata);
  },
  status_code_and_message: async (client) => {
    const response_status = { code: 2, message: 'test status message' };
    await endsAsAsked(unary(client, 'UnaryCall', { response_status }), response_status.message);
    const call = client.FullDuplexCall();
    const stream = messages(call);
    call.write({ response_status });
    call.end();
    await endsAsAsked(stream.next(), response_status.message);
  },
  special_status_message: (client) =>
    endsAsAsked(unary(client, 'UnaryCall', { response_status: { code: 2, message: special } }), special),
  unimplemented_method: (client) => endsWith(12, unary(client, 'UnimplementedCall', {})),
  unimplemented_service: async (client, address) => {
    const other = new testing.UnimplementedService(address, grpc.credentials.createInsecure());
    await endsWith(12, unary(other, 'UnimplementedCall', {}));
    other.close();
  },
  client_compressed_unary: async (client, address) => {
    const gzip = new testing.TestService(
      address, grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });
    await endsWith(3, unary(client, 'UnaryCall', large({ expect_compressed: { value: true } })));
    checkZeros(314159, (await unary(gzip, 'UnaryCall', large({ expect_compressed: { value: true } }))).response);
    checkZeros(314159, (await unary(client, 'UnaryCall', large({ expect_compressed: { value: false } }))).response);
    gzip.close();
  },
  server_compressed_unary: async (client) => {
    for (const value of [true, false]) {
      checkZeros(314159, (await unary(client, 'UnaryCall', large({ response_compressed: { value } }))).response);
    }
  },
  server_compressed_streaming: async (client) => {
    const stream = messages(client.StreamingOutputCall({
      response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }],
    }));
    checkZeros(31415, await next(stream));
    checkZeros(92653, await next(stream));
    await checkEnd(stream);
  },
};

/** Credentials and options by the flags. */
function trust(given) {
  const host = given.server_host_override;
  if (given.use_tls !== 'true') {
    return [grpc.credentials.createInsecure(), host ? { 'grpc.default_authority': host } : {}];
  }
  const roots = given.use_test_ca === 'true' ? certificate(given, 'ca.pem') : null;
  return [grpc.credentials.createSsl(roots), host ? { 'grpc.ssl_target_name_override': host, 'grpc.default_authority': host } : {}];
}

async function main(given) {
  const { server_host = 'localhost', server_port = '8080', test_case = '' } = given;
  const address = `${server_host}:${server_port}`;
  for (const name of test_case.split(',')) {
    const client = new testing.TestService(address, ...trust(given));
    let late;
    try {
      assert.ok(cases[name], 'there is no such case');
      await Promise.race([
        cases[name](client, address),
        new Promise((_, reject) => { late = setTimeout(() => reject(new Error('a minute passed')), 60000); }),
      ]);
      console.log(`passed ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`failed ${name}: ${error.message.replace(/\s+/g, ' ')}`);
    } finally {
      clearTimeout(late);
      client.close();
    }
  }
}

main(flags());
