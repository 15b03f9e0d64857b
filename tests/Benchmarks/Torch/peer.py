"""The Python side of `./mesh bench torch`: does what a line on its input asks and answers with one line, times in nanoseconds."""
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

INCOMING, WIDTH, TIME, WORDS, HEADS, GROUPS = 320, 640, 1280, 768, 8, 32


def attend(query, key, value):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(query, key, value)
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-2, -1)
    return scores.softmax(-1) @ value


class Attention(nn.Module):
    def __init__(self, seen):
        super().__init__()
        self.to_q = nn.Linear(WIDTH, WIDTH, bias=False)
        self.to_k = nn.Linear(seen, WIDTH, bias=False)
        self.to_v = nn.Linear(seen, WIDTH, bias=False)
        self.to_out = nn.Linear(WIDTH, WIDTH)

    def forward(self, pixels, seen):
        mixed = attend(self.split(self.to_q(pixels)), self.split(self.to_k(seen)), self.split(self.to_v(seen)))
        return self.to_out(mixed.transpose(1, 2).reshape(pixels.shape))

    @staticmethod
    def split(x):
        return x.view(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)


class SpatialTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, WIDTH, eps=1e-6)
        self.proj_in = nn.Conv2d(WIDTH, WIDTH, 1)
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attn1 = Attention(WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)
        self.attn2 = Attention(WORDS)
        self.norm3 = nn.LayerNorm(WIDTH)
        self.gated = nn.Linear(WIDTH, 8 * WIDTH)
        self.back = nn.Linear(4 * WIDTH, WIDTH)
        self.proj_out = nn.Conv2d(WIDTH, WIDTH, 1)

    def forward(self, x, words):
        n, c, h, w = x.shape
        pixels = self.proj_in(self.norm(x)).view(n, c, h * w).transpose(1, 2)
        normed = self.norm1(pixels)
        pixels = self.attn1(normed, normed) + pixels
        pixels = self.attn2(self.norm2(pixels), words) + pixels
        value, gate = self.gated(self.norm3(pixels)).chunk(2, -1)
        pixels = self.back(value * F.gelu(gate)) + pixels
        return self.proj_out(pixels.transpose(1, 2).reshape(n, c, h, w)) + x


class UNetBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, INCOMING)
        self.conv1 = nn.Conv2d(INCOMING, WIDTH, 3, padding=1)
        self.time_emb = nn.Linear(TIME, WIDTH)
        self.norm2 = nn.GroupNorm(GROUPS, WIDTH)
        self.conv2 = nn.Conv2d(WIDTH, WIDTH, 3, padding=1)
        self.shortcut = nn.Conv2d(INCOMING, WIDTH, 1)
        self.transformer = SpatialTransformer()

    def forward(self, x, time_embedding, words):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time_emb(F.silu(time_embedding)).unsqueeze(-1).unsqueeze(-1)
        h = self.conv2(F.silu(self.norm2(h)))
        return self.transformer(self.shortcut(x) + h, words)


class Work:
    """The tensors of the measurements, as the other side wrote them: float32, one after the other, parameters by name."""

    def __init__(self, path, size):
        self.block = UNetBlock()
        self.named = [tensor for _, tensor in sorted(self.block.named_parameters())]
        self.x = torch.empty(1, INCOMING, size, size, requires_grad=True)
        self.time, self.words = torch.empty(1, TIME), torch.empty(1, 77, WORDS)
        self.seed = torch.empty(1, WIDTH, size, size)
        values, at = numpy.fromfile(path, dtype=numpy.float32), 0
        with torch.no_grad():
            for tensor in [*self.named, self.x, self.time, self.words, self.seed]:
                tensor.copy_(torch.from_numpy(values[at:at + tensor.numel()]).view(tensor.shape))
                at += tensor.numel()
        assert at == len(values)

    def run(self):
        self.x.grad = None
        self.block.zero_grad(set_to_none=True)
        start = time.perf_counter_ns()
        self.output = self.block(self.x, self.time, self.words)
        middle = time.perf_counter_ns()
        self.output.backward(self.seed)
        return f"{middle - start} {time.perf_counter_ns() - middle}"

    def save(self, path):
        tensors = [self.output.detach(), self.x.grad, *[tensor.grad for tensor in self.named]]
        torch.cat([tensor.flatten() for tensor in tensors]).numpy().tofile(path)
        return "saved"


def add_tensor(count):
    a, b = torch.ones(1), torch.ones(1)
    start = time.process_time_ns()
    for _ in range(count):
        c = a + b
    return time.process_time_ns() - start


def add_scalar_in_place(count):
    a = torch.ones(1)
    start = time.process_time_ns()
    for _ in range(count):
        a.add_(1.0)
    return time.process_time_ns() - start


def libtorch():
    with open("/proc/self/maps") as maps:
        return next(line.split()[-1] for line in maps if "libtorch_cpu" in line)


def main():
    work = None
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "about":
            answer = f"{libtorch()} {sys.version.split()[0]}"
        elif command == "threads":
            torch.set_num_threads(int(arguments[0]))
            answer = torch.get_num_threads()
        elif command == "add":
            answer = add_tensor(int(arguments[0]))
        elif command == "add_":
            answer = add_scalar_in_place(int(arguments[0]))
        elif command == "load":
            work = Work(arguments[0], int(arguments[1]))
            answer = "loaded"
        elif command == "block":
            answer = work.run()
        else:
            answer = work.save(arguments[0])
        print(answer, flush=True)


main()
