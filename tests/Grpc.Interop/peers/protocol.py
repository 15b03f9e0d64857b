"""What the Python client and server of the interop tests share. The stubs are generated before they start."""

import os
import sys

import grpc
import test_service_pb2 as messages
import test_service_pb2_grpc as services

INITIAL_KEY = "x-grpc-test-echo-initial"
TRAILING_KEY = "x-grpc-test-echo-trailing-bin"


def flags():
    """The value of each flag, which is written --name=value."""
    return dict(argument.removeprefix("--").split("=", 1) for argument in sys.argv[1:])


def certificate(given, name):
    """A file of --certificates, which our server makes."""
    with open(os.path.join(given["certificates"], name), "rb") as file:
        return file.read()


def zeros(size):
    """A payload of zeros."""
    return messages.Payload(body=bytes(size))


def code(number):
    """The status code of this number."""
    return next(each for each in grpc.StatusCode if each.value[0] == number)
