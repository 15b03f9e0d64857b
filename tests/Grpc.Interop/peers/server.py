"""grpc.testing.TestService on grpcio: python3 server.py --port=PORT [--use_tls=true --certificates=DIR]"""

import time
from concurrent import futures

import grpc

from protocol import INITIAL_KEY, TRAILING_KEY, certificate, code, flags, messages, services, zeros


def echo(context):
    """Sends the metadata back that asks for it."""
    received = context.invocation_metadata()
    initial = [entry for entry in received if entry.key == INITIAL_KEY]
    if initial:
        context.send_initial_metadata(initial)
    context.set_trailing_metadata([entry for entry in received if entry.key == TRAILING_KEY])


def end_as_asked(request, context):
    """Ends the call if the request asks for a status."""
    if request.HasField("response_status"):
        context.abort(code(request.response_status.code), request.response_status.message)


def compress(asked, context):
    """Leaves the next message as it is unless it shall be compressed."""
    if not asked.value:
        context.disable_next_message_compression()


def answers(request, context):
    """What a streaming request asks for."""
    end_as_asked(request, context)
    for asked in request.response_parameters:
        time.sleep(asked.interval_us / 1e6)
        compress(asked.compressed, context)
        yield messages.StreamingOutputCallResponse(payload=zeros(asked.size))


class TestService(services.TestServiceServicer):
    """The server's features of the interop test descriptions."""

    def EmptyCall(self, request, context):
        return messages.Empty()

    def UnaryCall(self, request, context):
        context.set_compression(grpc.Compression.Gzip)
        echo(context)
        end_as_asked(request, context)
        compress(request.response_compressed, context)
        return messages.SimpleResponse(payload=zeros(request.response_size))

    def StreamingInputCall(self, request_iterator, context):
        echo(context)
        total = sum(len(request.payload.body) for request in request_iterator)
        return messages.StreamingInputCallResponse(aggregated_payload_size=total)

    def StreamingOutputCall(self, request, context):
        context.set_compression(grpc.Compression.Gzip)
        echo(context)
        yield from answers(request, context)

    def FullDuplexCall(self, request_iterator, context):
        echo(context)
        for request in request_iterator:
            yield from answers(request, context)


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    services.add_TestServiceServicer_to_server(TestService(), server)
    given = flags()
    address = f"127.0.0.1:{given['port']}"
    if given.get("use_tls") == "true":
        pair = (certificate(given, "server1.key"), certificate(given, "server1.pem"))
        port = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print(f"listening on {port}", flush=True)
    server.wait_for_termination()


main()
