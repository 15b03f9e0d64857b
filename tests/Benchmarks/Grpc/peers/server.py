"""The benchmark's server on grpcio: python3 server.py"""

import os
import sys
from concurrent import futures

import grpc
import transfer_pb2 as messages
import transfer_pb2_grpc as services
from realiz3d.mesh.tensor.v1 import tensor_pb2 as tensors


class Transfer(services.TransferServiceServicer):
    """A stream sends one message over and over, with another offset; to make it anew each time would only cost."""

    def Echo(self, request, context):
        return messages.EchoResponse(data=request.data)

    def Send(self, request, context):
        length = request.chunk_count * request.chunk_bytes
        header = tensors.TensorHeader(name="x", element_type=tensors.ELEMENT_TYPE_U8, shape=[length], byte_length=length)
        yield messages.SendResponse(frame=tensors.TensorFrame(header=header))
        chunk = tensors.TensorChunk(data=bytes(request.chunk_bytes))
        message = messages.SendResponse(frame=tensors.TensorFrame(chunk=chunk))
        for index in range(request.chunk_count):
            message.frame.chunk.offset = index * request.chunk_bytes
            yield message


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    services.add_TransferServiceServicer_to_server(Transfer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"listening on {port}", flush=True)
    sys.stdin.read()
    os._exit(0)


main()
