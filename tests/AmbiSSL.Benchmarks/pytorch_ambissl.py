"""AmbiSSL in plain PyTorch, the peer of the commands vs-pytorch and overhead.

Reads a folder with model.safetensors (weights and options) and batch.safetensors (a batch, what is random in one step, and the logits
and loss that the C# code computes from them). The arguments are the folder, the number of threads, the repetitions of each piece of work
that is timed, the device, and the precision of steps and samples (Float32, or BFloat16 by autocast). Then answers commands, a line each, from standard input:

  parameters   number of weights
  check        largest difference of theta's logits as a share of the largest of them, and relative difference of the loss of the step
  step         seconds, wall and processor, of one training step
  sample       seconds, wall and processor, of ten masks for each of the images that are sampled, from the host's memory to the host's memory
  together     the same: here they always go through the network together
  peak         largest resident memory so far, in MiB
"""
import json
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SAMPLES = 10
SMALLEST = 1e-6


def read_safetensors(path):
    types = {"F32": torch.float32, "I64": torch.int64}
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(data[begin:end], dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def convolutions(inputs, outputs, count, pools, normalizes):
    layers = [nn.AvgPool2d(2, 2, ceil_mode=True)] if pools else []
    for i in range(count):
        layers.append(nn.Conv2d(inputs if i == 0 else outputs, outputs, 3, padding=1, bias=not normalizes))
        layers += ([nn.BatchNorm2d(outputs)] if normalizes else []) + [nn.ReLU(inplace=True)]
    return layers


class UNetEncoder(nn.Module):
    def __init__(self, channels, options):
        super().__init__()
        filters, count = options["Filters"], options["ConvolutionsPerBlock"]
        self.blocks = nn.ModuleList(
            nn.Sequential(*convolutions(filters[i - 1] if i else channels, filters[i], count, i > 0, options["BatchNormalization"]))
            for i in range(len(filters)))

    def forward(self, x):
        levels = []
        for block in self.blocks:
            x = block(x)
            levels.append(x)
        return levels


class UNetDecoder(nn.Module):
    def __init__(self, options):
        super().__init__()
        filters, count = options["Filters"], options["ConvolutionsPerBlock"]
        self.channels = filters[0]
        self.blocks = nn.ModuleList(
            nn.Sequential(*convolutions(filters[i + 1] + filters[i], filters[i], count, False, options["BatchNormalization"]))
            for i in reversed(range(len(filters) - 1)))

    def forward(self, levels):
        x = levels[-1]
        for block, skip in zip(self.blocks, reversed(levels[:-1])):
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
            x = block(torch.cat([x, skip], 1))
        return x


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        return F.relu(self.bn2(self.conv2(x)) + shortcut, inplace=True)


class ResNet34Encoder(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for number, (blocks, filters) in enumerate([(3, 64), (4, 128), (6, 256), (3, 512)], 1):
            stage = [ResidualBlock(inputs if i == 0 else filters, filters, 2 if i == 0 and number > 1 else 1) for i in range(blocks)]
            setattr(self, f"layer{number}", nn.Sequential(*stage))
            inputs = filters

    def forward(self, x):
        levels = [F.relu(self.bn1(self.conv1(x)), inplace=True)]
        x = F.max_pool2d(levels[0], 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            levels.append(x)
        return levels


class UpsamplingBlock(nn.Module):
    def __init__(self, inputs, skip, outputs):
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(inputs + skip, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))
        self.conv2 = nn.Sequential(nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x, skip):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = x if skip is None else torch.cat([x, skip], 1)
        return F.relu(self.conv2(F.relu(self.conv1(x), inplace=True)), inplace=True)


class ResNet34Decoder(nn.Module):
    channels = 16

    def __init__(self):
        super().__init__()
        sizes = [(512, 256, 256), (256, 128, 128), (128, 64, 64), (64, 64, 32), (32, 0, 16)]
        self.blocks = nn.ModuleList(UpsamplingBlock(*size) for size in sizes)

    def forward(self, levels):
        x = levels[-1]
        for block, skip in zip(self.blocks, [*reversed(levels[:-1]), None]):
            x = block(x, skip)
        return x


class Head(nn.Module):
    """Four 1x1 convolutions over features and a code, concatenated; all codes in one batch."""

    def __init__(self, channels, dimensions):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels + dimensions, channels, 1), nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 1), nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 1), nn.ReLU(inplace=True))
        self.last_layer = nn.Conv2d(channels, 1, 1)

    def forward(self, features, codes):
        batch, channels, height, width = features.shape
        count, dimensions = codes.shape[1:]
        features = features[:, None].expand(-1, count, -1, -1, -1)
        codes = codes[..., None, None].expand(-1, -1, -1, height, width)
        x = torch.cat([features, codes], 2).reshape(batch * count, channels + dimensions, height, width)
        return self.last_layer(self.layers(x)).reshape(batch, count, height, width)


class LatentEncoder(nn.Module):
    def __init__(self, channels, options):
        super().__init__()
        layers, count = [], options["LatentConvolutionsPerBlock"]
        for i, filters in enumerate(options["LatentFilters"]):
            layers += convolutions(channels, filters, count, i > 0, False)
            channels = filters
        self.encoder = nn.Sequential(*layers)
        self.head = nn.Conv2d(channels, 2 * options["LatentDimensions"], 1)

    def forward(self, x):
        return self.head(self.encoder(x).mean((2, 3), keepdim=True)).flatten(1).chunk(2, 1)


def generalized_dice(logits, target):
    probability = logits.float().sigmoid()
    if logits.shape[1] == 1:
        probability = torch.cat([probability, 1 - probability], 1)
        target = torch.cat([target, 1 - target], 1)
    p, t = probability.transpose(0, 1).flatten(1), target.transpose(0, 1).flatten(1)
    weight = 1 / t.sum(1).square().clamp(min=SMALLEST)
    intersection, union = (p * t).sum(1) * weight, (p + t).sum(1) * weight
    return 1 - (2 * intersection / union.clamp(min=SMALLEST)).mean()


def energy_distance(logits, annotations):
    samples, masks = logits.float().sigmoid().flatten(2), annotations.flatten(2)
    first, second = torch.triu_indices(samples.shape[1], samples.shape[1], 1, device=samples.device)
    between, within = jaccard(samples[:, :, None], masks[:, None]), jaccard(samples[:, first], samples[:, second])
    return between.mean() - within.mean() / 2


def jaccard(a, b):
    difference = (a - b).abs().sum(-1)
    return 2 * difference / ((a + b).sum(-1) + difference).clamp(min=SMALLEST)


def kl_normal(posterior, prior):
    (location1, scale1), (location2, scale2) = posterior, prior
    ratio, distance = (2 * (scale1 - scale2)).exp(), ((location1 - location2) / scale2.exp()).square()
    return (0.5 * (ratio + distance - 1) + scale2 - scale1).sum(-1).mean()


def normal_code(distribution, noise):
    location, log_scale = distribution
    return location + log_scale.exp() * noise


def one_by_one(masks):
    return masks.flatten(0, 1)[:, None]


def laplace_code(distribution, noise):
    return normal_code(distribution, -noise.sign() * torch.log1p(-noise.abs()))


def select(masks, index):
    return masks.gather(1, index.view(-1, 1, 1, 1).expand(-1, 1, *masks.shape[2:]))


def sort_by_area(masks):
    order = masks.sum((2, 3)).sort(dim=1, descending=True, stable=True).indices
    return masks.gather(1, order[..., None, None].expand_as(masks))


class AmbiSSL(nn.Module):
    def __init__(self, options, channels, annotators):
        super().__init__()
        self.options, self.annotators = options, annotators
        backbone, names = options["Backbone"], ("theta", "phi", "xi")
        unet = backbone["kind"] == "unet"
        self.enc = UNetEncoder(channels, backbone) if unet else ResNet34Encoder(channels)
        self.dec = nn.ModuleDict({name: UNetDecoder(backbone) if unet else ResNet34Decoder() for name in names})
        self.seg = nn.ModuleDict({name: Head(self.dec[name].channels, options["LatentDimensions"]) for name in names})
        self.prior = LatentEncoder(channels, options)
        self.posterior = LatentEncoder(channels + annotators, options)

    def posterior_of(self, images, masks):
        return self.posterior(torch.cat([images, sort_by_area(masks)], 1))

    def draw(self, batch):
        """What is random in a step, drawn where it is used."""
        labeled, unlabeled, dimensions = len(batch["labeled"]), len(batch["weak"]), self.options["LatentDimensions"]
        device = batch["labeled"].device

        def uniform(*shape):
            return (torch.rand(shape, device=device) * 2 - 1).clamp(-1 + 1e-7, 1 - 1e-7)

        def normal(*shape):
            return torch.randn(shape, device=device)

        return {
            "posterior": normal(labeled, dimensions),
            "prior": normal(self.options["BoundSamples"], labeled, dimensions),
            "annotation": torch.randint(self.annotators, (labeled,), device=device),
            "energy": normal(self.options["EnergySamples"], labeled, dimensions),
            "pseudo_labels": uniform(self.annotators, unlabeled, dimensions),
        }

    def loss(self, batch, draws, ramp_up):
        supervised = self.supervised(batch["labeled"], batch["annotations"], draws)
        unsupervised = self.unsupervised(batch["weak"], batch["strong"], draws)
        regularized = [*self.prior.parameters(), *self.posterior.parameters()]
        for head in self.seg.values():
            regularized += head.layers.parameters()
        norms = sum(parameter.norm() for parameter in regularized)
        weights = self.options
        return supervised + weights["UnsupervisedWeight"] * ramp_up * unsupervised + weights["WeightRegularization"] * norms

    def supervised(self, images, annotations, draws):
        levels, prior = self.enc(images), self.prior(images)
        posterior = self.posterior_of(images, annotations)
        target = select(annotations, draws["annotation"])
        bounds = torch.cat([annotations.amax(1, keepdim=True), annotations.amin(1, keepdim=True)], 1)
        code = normal_code(posterior, draws["posterior"])[:, None]
        codes = normal_code(prior, draws["prior"]).transpose(0, 1)
        energy_codes = normal_code(prior, draws["energy"]).transpose(0, 1)
        total = self.options["AlphaLabeled"] * kl_normal(posterior, prior)
        for name, decoder in self.dec.items():
            features = decoder(levels)
            logits = self.seg[name](features, torch.cat([code, codes], 1))
            own, priors = logits[:, :1], logits[:, 1:]
            predicted = torch.cat([priors.amax(1, keepdim=True), priors.amin(1, keepdim=True)], 1)
            total = total + generalized_dice(own, target) + self.options["Beta"] * generalized_dice(predicted, bounds)
            total = total + self.options["EnergyWeight"] * energy_distance(self.seg[name](features, energy_codes), annotations)
        return total

    def unsupervised(self, weak, strong, draws):
        levels = self.enc(weak)
        features = {"phi": self.dec["phi"](levels), "xi": self.dec["xi"](self.enc(strong))}
        target, codes = self.pseudo_labels(weak, levels, features["phi"], draws["pseudo_labels"])
        return sum(generalized_dice(one_by_one(self.seg[name](seen, codes)), target) for name, seen in features.items())

    @torch.no_grad()
    def pseudo_labels(self, weak, levels, features_phi, noise):
        codes = laplace_code(self.prior(weak), noise).transpose(0, 1)
        features = {"theta": self.dec["theta"](levels), "phi": features_phi, "xi": self.dec["xi"](levels)}
        probability = sum(self.seg[name](seen, codes).sigmoid() for name, seen in features.items()) / 3
        return one_by_one((probability > 0.5).float()), codes

    @torch.no_grad()
    def sample(self, images, count):
        noise = torch.randn(count, len(images), self.options["LatentDimensions"], device=images.device)
        codes = normal_code(self.prior(images), noise).transpose(0, 1)
        probability = self.seg["phi"](self.dec["phi"](self.enc(images)), codes).sigmoid()
        return (probability > 0.5).byte(), probability.mean(1)


class Worker:
    def __init__(self, folder, repetitions, device, precision):
        self.repetitions, self.device = repetitions, torch.device(device)
        self.rounds = precision == "BFloat16"
        weights, metadata = read_safetensors(f"{folder}/model.safetensors")
        batch, _ = read_safetensors(f"{folder}/batch.safetensors")
        self.sampled = batch.pop("sampled")
        self.batch = {name: tensor.to(self.device) for name, tensor in batch.items()}
        options, shape = json.loads(metadata["options"]), json.loads(metadata["images"])["Shape"]
        self.model = AmbiSSL(options, shape["Channels"], int(metadata["annotators"]))
        self.model.load_state_dict(weights)
        self.model.to(self.device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=options["Training"]["LearningRate"])
        self.ramp_up = self.batch["ramp_up"].item()

    def parameters(self):
        return [sum(parameter.numel() for parameter in self.model.parameters())]

    def check(self):
        model, batch = self.model, self.batch
        with torch.no_grad():
            model.eval()
            logits = model.seg["theta"](model.dec["theta"](model.enc(batch["labeled"])), batch["codes"])
            model.train()
            loss = model.loss(batch, batch, self.ramp_up)
        return [((logits - batch["logits"]).abs().max() / batch["logits"].abs().max()).item(), abs(loss.item() / batch["loss"].item() - 1)]

    def step(self):
        self.model.train()
        return timed(self.train, self.device, self.repetitions)

    def train(self):
        self.optimizer.zero_grad()
        with self.autocast():
            loss = self.model.loss(self.batch, self.model.draw(self.batch), self.ramp_up)
        loss.backward()
        self.optimizer.step()

    def sample(self):
        self.model.eval()
        return timed(self.draw_masks, self.device, self.repetitions)

    together = sample

    def draw_masks(self):
        with self.autocast():
            return [result.cpu() for result in self.model.sample(self.sampled.to(self.device), SAMPLES)]

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.rounds)

    def peak(self):
        with open("/proc/self/status", encoding="ascii") as status:
            return [int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")]


def timed(action, device, repetitions):
    """Repetitions together, up to the end of the last: a CUDA device works on while the host goes ahead."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    wait()
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(repetitions):
        action()
    wait()
    return [(time.perf_counter() - wall) / repetitions, (time.process_time() - processor) / repetitions]


def main():
    folder, threads, repetitions, device, precision = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.set_flush_denormal(True)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    worker = Worker(folder, int(repetitions), device, precision)
    for line in sys.stdin:
        print(*getattr(worker, line.strip())(), flush=True)


if __name__ == "__main__":
    main()
