"""Makes stochastic_segmentation.json: samples, covariance and likelihoods of low-rank normal distributions over logits, and noise of pixels.

Written from Monteiro et al., NeurIPS 2020, for PyTorch's own LowRankMultivariateNormal and SciPy, with nothing of the library. It was run in this folder with
Debian's python3-torch 1.13 and python3-scipy 1.10:

    python3 stochastic_segmentation.py
"""
import json
import math

import numpy as np
import torch
from scipy import integrate, special, stats
from torch.distributions import Bernoulli, LowRankMultivariateNormal

torch.set_default_dtype(torch.float64)


def tensor(x):
    x = np.asarray(x, float)
    return {"shape": list(x.shape), "data": x.ravel().tolist()}


def distributions():
    """[B, H, W] means and variances, [B, R, H, W] factors; samples for given noise, and whole covariances."""
    for name, batch, rank, samples, height, width in [("one pixel wide", 1, 1, 2, 3, 1), ("two images", 2, 3, 4, 2, 3)]:
        torch.manual_seed(batch)
        mean, variance = torch.randn(batch, height, width), torch.rand(batch, height, width) + 0.1
        factors = torch.randn(batch, rank, height, width)
        normal = LowRankMultivariateNormal(mean.flatten(1), factors.flatten(2).transpose(1, 2), variance.flatten(1))
        together, single = torch.randn(batch, samples, rank), torch.randn(batch, samples, height, width)
        drawn = [
            normal.loc + torch.einsum("bpr,br->bp", normal.cov_factor, together[:, n]) + normal.cov_diag.sqrt() * single[:, n].flatten(1)
            for n in range(samples)
        ]

        # Two programs agree on the distribution itself.
        covariance = normal.covariance_matrix.numpy()
        for n, x in enumerate(drawn):
            for b in range(batch):
                dense = stats.multivariate_normal(normal.loc[b].numpy(), covariance[b]).logpdf(x[b].numpy())
                assert abs(normal.log_prob(x)[b].item() - dense) < 1e-9
        yield {
            "name": name, "mean": tensor(mean), "factors": tensor(factors), "variance": tensor(variance), "together": tensor(together),
            "single": tensor(single), "samples": tensor(torch.stack(drawn, 1).view(batch, samples, height, width)), "covariance": tensor(covariance),
        }


def likelihoods():
    """Loss and its gradient for given samples of the logits."""
    for name, batch, samples, annotators, height, width, ignores, scale in [
        ("one annotator", 1, 2, 1, 2, 2, False, 1.0), ("three annotators", 2, 4, 3, 3, 2, False, 3.0), ("ignored pixels", 2, 4, 3, 3, 2, True, 3.0),
        ("sure of hundreds of pixels", 1, 4, 2, 20, 20, False, 30.0),
    ]:
        torch.manual_seed(samples + height)
        logits = (torch.randn(batch, samples, height, width) * scale).requires_grad_()
        counted = (torch.rand(batch, annotators, height, width) > 0.4).double() if ignores else torch.ones(batch, annotators, height, width)
        masks = (torch.rand(batch, annotators, height, width) > 0.5).double() * counted
        total = 0
        for b in range(batch):
            for a in range(annotators):
                logs = [(Bernoulli(logits=logits[b, m]).log_prob(masks[b, a]) * counted[b, a]).sum() for m in range(samples)]
                value = torch.logsumexp(torch.stack(logs), 0) - math.log(samples)
                assert abs(value.item() - (special.logsumexp([x.item() for x in logs]) - np.log(samples))) < 1e-9
                total = total - value / (batch * annotators * height * width)
        total.backward()
        yield {
            "name": name, "logits": tensor(logits.detach()), "masks": tensor(masks), "counted": tensor(counted) if ignores else None,
            "loss": total.item(), "gradient": tensor(logits.grad),
        }


def integral():
    """What the samples stand for: the probability of each mask of two pixels, by quadrature over the density of their logits."""
    mean, factors, variance = torch.tensor([0.5, -1.0]), torch.tensor([[2.0], [1.5]]), torch.tensor([0.3, 0.6])
    normal = LowRankMultivariateNormal(mean, factors, variance)
    masks = [[0, 0], [0, 1], [1, 0], [1, 1]]

    def density(x, y, mask):
        signs = [1 if bit else -1 for bit in mask]
        return math.exp(normal.log_prob(torch.tensor([x, y]))) * special.expit(signs[0] * x) * special.expit(signs[1] * y)

    logs = [math.log(integrate.dblquad(lambda y, x: density(x, y, mask), -12, 13, -11, 9, epsabs=1e-7)[0]) for mask in masks]
    assert abs(sum(map(math.exp, logs)) - 1) < 1e-5
    return {"mean": tensor(mean.view(1, 1, 2)), "factors": tensor(factors.t().reshape(1, 1, 1, 2)), "variance": tensor(variance.view(1, 1, 2)),
            "masks": tensor(np.array(masks)[None, :, None, :]), "loss": -np.mean(logs) / 2}


def pixels():
    """Noise of pixels, in whole numbers of any size: cubes in a prime field, then Box and Muller."""
    prime = 2**30 - 35
    for key, height, width in [((0.25, -1.5), 2, 3), ((-0.001, 2.0), 3, 5), ((0.0, 0.0), 1, 1)]:
        parts = [math.floor(part * 2**24) % prime for part in key]
        numbers = list(range((height * width + 1) // 2))
        for turn in range(4):
            before, numbers = numbers, [pow(x + parts[turn % 2], 3, prime) for x in numbers]
        radius = [math.sqrt(-2 * math.log((x + 0.5) / prime)) for x in before]
        angle = [2 * math.pi * (x + 0.5) / prime for x in numbers]
        noise = [r * math.cos(a) for r, a in zip(radius, angle)] + [r * math.sin(a) for r, a in zip(radius, angle)]
        yield {"name": str(key), "key": tensor([[key]]), "noise": tensor(np.reshape(noise[:height * width], (1, 1, height, width)))}


with open("stochastic_segmentation.json", "w") as file:
    json.dump({"distributions": list(distributions()), "likelihoods": list(likelihoods()), "integral": integral(), "pixels": list(pixels())}, file)
    file.write("\n")
