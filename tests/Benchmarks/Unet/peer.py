"""The U-Net of SD 2.1's topology in PyTorch, written from its definition: what ./mesh bench unet measures ours against.

usage: peer.py CONFIG WEIGHTS    then, line by line on stdin:
  run BATCH STEPS    answers the seconds of a step and the bytes that it needs at its peak beyond those at rest
  save FILE          writes the prediction for the bench's fixed input, float32
"""
import json, math, struct, sys, time

import torch
from torch import nn
from torch.nn import functional as F


def linears(owner, **shapes):
    for name, (inputs, outputs, bias) in shapes.items():
        setattr(owner, name, nn.Linear(inputs, outputs, bias))


class Resnet(nn.Module):
    def __init__(self, c, d, e):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(32, c), nn.Conv2d(c, d, 3, padding=1)
        self.time_emb_proj = nn.Linear(e, d)
        self.norm2, self.conv2 = nn.GroupNorm(32, d), nn.Conv2d(d, d, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(c, d, 1) if c != d else nn.Identity()

    def forward(self, x, e):
        h = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(F.silu(e))[:, :, None, None]
        return self.conv_shortcut(x) + self.conv2(F.silu(self.norm2(h)))


class Attention(nn.Module):
    def __init__(self, c, context, heads):
        super().__init__()
        self.heads = heads
        linears(self, to_q=(c, c, False), to_k=(context, c, False), to_v=(context, c, False))
        self.to_out = nn.ModuleList([nn.Linear(c, c)])

    def forward(self, x, context):
        n, t, c = x.shape
        q, k, v = (y.view(n, -1, self.heads, c // self.heads).transpose(1, 2)
                   for y in (self.to_q(x), self.to_k(context), self.to_v(context)))
        weights = (q @ k.transpose(-1, -2) * (c // self.heads) ** -0.5).softmax(-1)
        return self.to_out[0]((weights @ v).transpose(1, 2).reshape(n, t, c))


class Gate(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.proj = nn.Linear(c, 8 * c)

    def forward(self, x):
        value, gate = self.proj(x).chunk(2, -1)
        return value * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.net = nn.Sequential(Gate(c), nn.Identity(), nn.Linear(4 * c, c))

    def forward(self, x):
        return self.net(x)


class Block(nn.Module):
    def __init__(self, c, context, heads):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(c), nn.LayerNorm(c), nn.LayerNorm(c)
        self.attn1, self.attn2, self.ff = Attention(c, c, heads), Attention(c, context, heads), FeedForward(c)

    def forward(self, x, context):
        y = self.norm1(x)
        x = x + self.attn1(y, y)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, c, context, heads):
        super().__init__()
        self.norm = nn.GroupNorm(32, c, eps=1e-6)
        linears(self, proj_in=(c, c, True), proj_out=(c, c, True))
        self.transformer_blocks = nn.ModuleList([Block(c, context, heads)])

    def forward(self, x, context):
        n, c, h, w = x.shape
        y = self.proj_in(self.norm(x).flatten(2).transpose(1, 2))
        y = self.proj_out(self.transformer_blocks[0](y, context))
        return x + y.transpose(1, 2).reshape(n, c, h, w)


class Resample(nn.Module):
    def __init__(self, c, stride):
        super().__init__()
        self.stride, self.conv = stride, nn.Conv2d(c, c, 3, stride=stride, padding=1)

    def forward(self, x):
        return self.conv(x if self.stride == 2 else F.interpolate(x, scale_factor=2.0))


class Level(nn.Module):
    """Residual blocks, attentions and a resampling; a level up takes skips, a level down gives them."""

    def __init__(self, ins, d, e, context, heads, down, up):
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(c, d, e) for c in ins)
        if heads:
            self.attentions = nn.ModuleList(Transformer(d, context, heads) for _ in ins)
        if down:
            self.downsamplers = nn.ModuleList([Resample(d, 2)])
        if up:
            self.upsamplers = nn.ModuleList([Resample(d, 1)])

    def layer(self, i, x, e, context):
        x = self.resnets[i](x, e)
        return self.attentions[i](x, context) if hasattr(self, "attentions") else x


class Middle(nn.Module):
    def __init__(self, c, e, context, heads):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(c, c, e), Resnet(c, c, e)])
        self.attentions = nn.ModuleList([Transformer(c, context, heads)])

    def forward(self, x, e, context):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, e), context), e)


class Embedding(nn.Module):
    def __init__(self, c, e):
        super().__init__()
        linears(self, linear_1=(c, e, True), linear_2=(e, e, True))

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class UNet(nn.Module):
    def __init__(self, config):
        super().__init__()
        w, heads, context = config["block_out_channels"], config["attention_head_dim"], config["cross_attention_dim"]
        e, n = 4 * w[0], len(w)
        self.conv_in, self.time_embedding = nn.Conv2d(config["in_channels"], w[0], 3, padding=1), Embedding(w[0], e)
        self.down_blocks = nn.ModuleList(
            Level([w[max(i - 1, 0)], w[i]], w[i], e, context, heads[i] if i < n - 1 else 0, i < n - 1, False) for i in range(n))
        self.mid_block = Middle(w[-1], e, context, heads[-1])
        self.up_blocks = nn.ModuleList(
            Level([w[min(i + 1, n - 1)] + w[i], 2 * w[i], w[i] + w[max(i - 1, 0)]], w[i], e, context,
                  heads[i] if i < n - 1 else 0, False, i > 0) for i in reversed(range(n)))
        self.conv_norm_out, self.conv_out = nn.GroupNorm(32, w[0]), nn.Conv2d(w[0], config["out_channels"], 3, padding=1)

    def forward(self, x, t, context):
        half = self.time_embedding.linear_1.in_features // 2
        angle = t[:, None].float() * torch.exp(torch.arange(half) * (-math.log(10000) / half))[None]
        e = self.time_embedding(torch.cat([angle.cos(), angle.sin()], -1))
        x = self.conv_in(x)
        skips = [x]
        for level in self.down_blocks:
            for i in range(len(level.resnets)):
                x = level.layer(i, x, e, context)
                skips.append(x)
            if hasattr(level, "downsamplers"):
                x = level.downsamplers[0](x)
                skips.append(x)
        x = self.mid_block(x, e, context)
        for level in self.up_blocks:
            for i in range(len(level.resnets)):
                x = level.layer(i, torch.cat([x, skips.pop()], 1), e, context)
            if hasattr(level, "upsamplers"):
                x = level.upsamplers[0](x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def weights(path):
    data = bytearray(open(path, "rb").read())
    length = struct.unpack("<Q", data[:8])[0]
    view = memoryview(data)[8 + length:]
    header = json.loads(bytes(data[8:8 + length]))
    return {name: torch.frombuffer(view[t["data_offsets"][0]:t["data_offsets"][1]], dtype=torch.float32).view(t["shape"])
            for name, t in header.items() if name != "__metadata__"}


def kilobytes(key):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(key))


def inputs(config, batch):
    def wave(*shape):
        return torch.sin(torch.arange(math.prod(shape), dtype=torch.float32) * 0.37).view(*shape)
    side = config["sample_size"]
    return (wave(batch, config["in_channels"], side, side), torch.full((batch,), 501.0),
            wave(batch, 77, config["cross_attention_dim"]))


def main():
    config = json.load(open(sys.argv[1]))
    net = UNet(config).eval()
    net.load_state_dict(weights(sys.argv[2]))
    with torch.inference_mode():
        for line in sys.stdin:
            command, *words = line.split()
            if command == "save":
                open(words[0], "wb").write(net(*inputs(config, 1)).numpy().tobytes())
                print("saved", flush=True)
                continue
            batch, steps = map(int, words)
            given = inputs(config, batch)
            net(*given)
            open("/proc/self/clear_refs", "w").write("5")
            rest, start = kilobytes("VmRSS"), time.perf_counter()
            for _ in range(steps):
                net(*given)
            print((time.perf_counter() - start) / steps, 1024 * (kilobytes("VmHWM") - rest), flush=True)


main()
