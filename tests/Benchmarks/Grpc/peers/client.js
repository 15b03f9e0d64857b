'use strict';
// The benchmark's client on @grpc/grpc-js: node client.js PORT

const { grpc, transfer, echoBytes, streamBytes, forEachLine } = require('./protocol');

const client = new transfer(`127.0.0.1:${process.argv[2]}`, grpc.credentials.createInsecure());
const request = { data: Buffer.alloc(echoBytes) };
const now = () => Number(process.hrtime.bigint()) / 1e9;

const echo = () => new Promise((resolve, reject) => {
  client.Echo(request, (error, response) => (error || response.data.length !== echoBytes ? reject(error ?? new Error('short')) : resolve()));
});

const receive = (count, bytes) => new Promise((resolve, reject) => {
  let received = 0;
  const call = client.Send({ chunk_count: count, chunk_bytes: bytes });
  call.on('data', (response) => {
    received += response.frame.chunk ? response.frame.chunk.data.length : 0;
  });
  call.on('error', reject);
  call.on('end', () => (received === count * bytes ? resolve() : reject(new Error('short'))));
});

async function measureEcho(seconds, inFlight) {
  const latencies = [];
  const start = now();
  await Promise.all(Array.from({ length: inFlight }, async () => {
    do {
      const begin = now();
      await echo();
      latencies.push(now() - begin);
    } while (now() - start < seconds);
  }));
  const elapsed = now() - start;
  latencies.sort((a, b) => a - b);
  const microseconds = (quantile) => (latencies[Math.floor(quantile * (latencies.length - 1))] * 1e6).toFixed(1);
  return `count=${latencies.length} seconds=${elapsed} p50=${microseconds(0.5)} p99=${microseconds(0.99)}`;
}

async function measureReceive(seconds, bytes) {
  const start = now();
  let count = 0;
  do {
    await receive(streamBytes / bytes, bytes);
    count += streamBytes / bytes;
  } while (now() - start < seconds);
  return `count=${count} seconds=${now() - start}`;
}

forEachLine(async (line) => {
  const [what, seconds, number] = line.split(' ');
  console.log(await (what === 'echo' ? measureEcho : measureReceive)(Number(seconds), Number(number)));
});
