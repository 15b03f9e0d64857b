"""Cases on grpcio: python3 client.py --server_host=HOST --server_port=PORT --test_case=NAME[,NAME...]

One line each: "passed NAME", or "failed NAME: reason".
"""

import queue
import sys

import grpc

from protocol import INITIAL_KEY, TRAILING_KEY, certificate, flags, messages, services, zeros

SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n"
REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]
PATIENCE = 60


class Requests:
    """A stream of requests that the test writes one by one."""

    def __init__(self, *requests):
        self._queue = queue.Queue()
        for request in requests:
            self.write(request)

    def write(self, request):
        self._queue.put(request)

    def close(self):
        self._queue.put(None)

    def __iter__(self):
        return iter(self._queue.get, None)


def equal(expected, actual):
    if expected != actual:
        raise AssertionError(f"{actual!r} in place of {expected!r}")


def ends_with(status, call, details=None):
    """The call ends with the status."""
    try:
        call()
    except grpc.RpcError as error:
        equal(status, error.code())
        if details is not None:
            equal(details, error.details())
        return
    raise AssertionError(f"the call succeeded in place of ending with {status}")


def large(**more):
    return messages.SimpleRequest(response_size=314159, payload=zeros(271828), **more)


def ask(sent, asked):
    parameters = [messages.ResponseParameters(size=asked)]
    return messages.StreamingOutputCallRequest(response_parameters=parameters, payload=zeros(sent))


def boolean(value):
    return messages.BoolValue(value=value)


def check_large(response):
    equal(bytes(314159), response.payload.body)


def empty_unary(stub, _):
    equal(messages.Empty(), stub.EmptyCall(messages.Empty(), timeout=PATIENCE))


def large_unary(stub, _):
    check_large(stub.UnaryCall(large(), timeout=PATIENCE))


def client_streaming(stub, _):
    requests = (messages.StreamingInputCallRequest(payload=zeros(size)) for size in REQUEST_SIZES)
    equal(74922, stub.StreamingInputCall(requests, timeout=PATIENCE).aggregated_payload_size)


def server_streaming(stub, _):
    parameters = [messages.ResponseParameters(size=size) for size in RESPONSE_SIZES]
    request = messages.StreamingOutputCallRequest(response_parameters=parameters)
    bodies = [response.payload.body for response in stub.StreamingOutputCall(request, timeout=PATIENCE)]
    equal([bytes(size) for size in RESPONSE_SIZES], bodies)


def ping_pong(stub, _):
    requests = Requests()
    call = stub.FullDuplexCall(iter(requests), timeout=PATIENCE)
    for sent, asked in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.write(ask(sent, asked))
        equal(bytes(asked), next(call).payload.body)
    requests.close()
    equal([], list(call))


def empty_stream(stub, _):
    call = stub.FullDuplexCall(iter([]), timeout=PATIENCE)
    equal([], list(call))
    equal(grpc.StatusCode.OK, call.code())


def cancel_after_begin(stub, _):
    requests = Requests()
    call = stub.StreamingInputCall.future(iter(requests), timeout=PATIENCE)
    call.cancel()
    requests.close()
    equal(True, call.cancelled())
    equal(grpc.StatusCode.CANCELLED, call.code())


def cancel_after_first_response(stub, _):
    requests = Requests(ask(27182, 31415))
    call = stub.FullDuplexCall(iter(requests), timeout=PATIENCE)
    equal(bytes(31415), next(call).payload.body)
    call.cancel()
    requests.close()
    ends_with(grpc.StatusCode.CANCELLED, lambda: next(call))


def timeout_on_sleeping_server(stub, _):
    requests = Requests(messages.StreamingOutputCallRequest(payload=zeros(27182)))
    call = stub.FullDuplexCall(iter(requests), timeout=0.001)
    ends_with(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(call))
    requests.close()


def custom_metadata(stub, _):
    metadata = [(INITIAL_KEY, "test_initial_metadata_value"), (TRAILING_KEY, b"\xab\xab\xab")]

    def check_echo(call):
        equal("test_initial_metadata_value", dict(call.initial_metadata()).get(INITIAL_KEY))
        equal(b"\xab\xab\xab", dict(call.trailing_metadata()).get(TRAILING_KEY))

    response, unary = stub.UnaryCall.with_call(large(), metadata=metadata, timeout=PATIENCE)
    check_large(response)
    check_echo(unary)
    duplex = stub.FullDuplexCall(iter([ask(271828, 314159)]), metadata=metadata, timeout=PATIENCE)
    equal([bytes(314159)], [response.payload.body for response in duplex])
    check_echo(duplex)


def status_code_and_message(stub, _):
    status = messages.EchoStatus(code=2, message="test status message")
    unary = messages.SimpleRequest(response_status=status)
    ends_with(grpc.StatusCode.UNKNOWN, lambda: stub.UnaryCall(unary, timeout=PATIENCE), status.message)
    duplex = messages.StreamingOutputCallRequest(response_status=status)
    ends_with(grpc.StatusCode.UNKNOWN, lambda: list(stub.FullDuplexCall(iter([duplex]), timeout=PATIENCE)), status.message)


def special_status_message(stub, _):
    request = messages.SimpleRequest(response_status=messages.EchoStatus(code=2, message=SPECIAL))
    ends_with(grpc.StatusCode.UNKNOWN, lambda: stub.UnaryCall(request, timeout=PATIENCE), SPECIAL)


def unimplemented_method(stub, _):
    ends_with(grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(messages.Empty(), timeout=PATIENCE))


def unimplemented_service(_, channel):
    stub = services.UnimplementedServiceStub(channel)
    ends_with(grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(messages.Empty(), timeout=PATIENCE))


def client_compressed_unary(stub, _):
    expecting = large(expect_compressed=boolean(True))
    ends_with(grpc.StatusCode.INVALID_ARGUMENT, lambda: stub.UnaryCall(expecting, timeout=PATIENCE))
    check_large(stub.UnaryCall(expecting, timeout=PATIENCE, compression=grpc.Compression.Gzip))
    check_large(stub.UnaryCall(large(expect_compressed=boolean(False)), timeout=PATIENCE))


def server_compressed_unary(stub, _):
    for value in (True, False):
        check_large(stub.UnaryCall(large(response_compressed=boolean(value)), timeout=PATIENCE))


def server_compressed_streaming(stub, _):
    request = messages.StreamingOutputCallRequest(response_parameters=[
        messages.ResponseParameters(size=31415, compressed=boolean(True)),
        messages.ResponseParameters(size=92653, compressed=boolean(False)),
    ])
    bodies = [response.payload.body for response in stub.StreamingOutputCall(request, timeout=PATIENCE)]
    equal([bytes(31415), bytes(92653)], bodies)


def connect(given):
    """A channel by the flags."""
    target = f"{given.get('server_host', 'localhost')}:{given.get('server_port', '8080')}"
    host = given.get("server_host_override")
    if given.get("use_tls") != "true":
        return grpc.insecure_channel(target, [("grpc.default_authority", host)] if host else None)
    roots = certificate(given, "ca.pem") if given.get("use_test_ca") == "true" else None
    return grpc.secure_channel(
        target, grpc.ssl_channel_credentials(roots), [("grpc.ssl_target_name_override", host)] if host else None)


def main(given):
    failed = 0
    for name in given.get("test_case", "").split(","):
        with connect(given) as channel:
            try:
                globals()[name](services.TestServiceStub(channel), channel)
                print(f"passed {name}", flush=True)
            except (AssertionError, KeyError, StopIteration, grpc.RpcError) as error:
                failed += 1
                print(f"failed {name}: {' '.join(repr(error).split())}", flush=True)
    sys.exit(failed > 0)


main(flags())
