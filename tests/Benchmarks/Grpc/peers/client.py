"""The benchmark's client on grpcio: python3 client.py PORT"""

import os
import sys
import threading
import time

import grpc
import transfer_pb2 as messages
import transfer_pb2_grpc as services

ECHO_BYTES = 1024
STREAM_BYTES = 32 * 1024 * 1024

stub = services.TransferServiceStub(grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}"))
request = messages.EchoRequest(data=bytes(ECHO_BYTES))


def check(arrived, expected):
    """A measurement of bytes that did not arrive measures nothing."""
    if arrived != expected:
        raise RuntimeError(f"{arrived} bytes arrived, {expected} were asked for")


def echo_one(seconds):
    """One call at a time, blocking: the quickest way for a single call."""
    latencies = []
    start = time.perf_counter()
    while not latencies or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        check(len(stub.Echo(request).data), ECHO_BYTES)
        latencies.append(time.perf_counter() - begin)
    return latencies, time.perf_counter() - start


def echo_many(seconds, in_flight):
    """Many calls at a time: futures, a new one for each that ends."""
    latencies = []
    free = threading.Semaphore(in_flight)
    start = time.perf_counter()

    def ended(call, begin):
        check(len(call.result().data), ECHO_BYTES)
        latencies.append(time.perf_counter() - begin)
        free.release()

    begin = start
    while begin - start < seconds:
        free.acquire()
        begin = time.perf_counter()
        stub.Echo.future(request).add_done_callback(lambda call, begin=begin: ended(call, begin))
    for _ in range(in_flight):
        free.acquire()
    return latencies, time.perf_counter() - start


def measure_echo(seconds, in_flight):
    latencies, elapsed = echo_one(seconds) if in_flight == 1 else echo_many(seconds, in_flight)
    latencies.sort()
    p50, p99 = (latencies[int(quantile * (len(latencies) - 1))] * 1e6 for quantile in (0.5, 0.99))
    return f"count={len(latencies)} seconds={elapsed} p50={p50:.1f} p99={p99:.1f}"


def measure_receive(seconds, chunk_bytes):
    count = STREAM_BYTES // chunk_bytes
    total = 0
    start = time.perf_counter()
    while total == 0 or time.perf_counter() - start < seconds:
        asked = messages.SendRequest(chunk_count=count, chunk_bytes=chunk_bytes)
        check(sum(len(response.frame.chunk.data) for response in stub.Send(asked)), STREAM_BYTES)
        total += count
    return f"count={total} seconds={time.perf_counter() - start}"


for line in sys.stdin:
    what, seconds, number = line.split()
    measure = measure_echo if what == "echo" else measure_receive
    print(measure(float(seconds), int(number)), flush=True)
os._exit(0)
