"""Makes ambissl_step_recommended.json: one training step of AmbiSSLOptions.Recommended on the images, weights and draws of ambissl_step.json.

Written from the paper's equations and the definitions of the losses, for PyTorch in float64, with nothing of the library. It was run in this
folder with Debian's python3-torch 1.13:

    python3 ambissl_step_recommended.py

First it computes the step as eqs. 1 to 21 print it and stops where a term, the total or a gradient is not that of ambissl_step.json. Then the
recommended step, with these differences: the posterior sees masks by falling area; the energy distance of samples counts; phi (weak view) and
xi (strong view) predict with the codes of the pseudo-labels, and each learns at each code where the mean of the three decoders' probabilities
is above one half. Where the strong view shows a pasted part of the labeled image, xi learns that image's annotations instead.
"""
import json

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
DECODERS = ("theta", "phi", "xi")
ENERGY_WEIGHT, ENERGY_SAMPLES, MARGIN, AGREEMENT = 4.0, 4, 1e-4, 1e-9


def read_tensor(entry):
    return torch.tensor(entry["data"]).reshape(entry["shape"])


def write_tensor(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().flatten().tolist()}


with open("ambissl_step.json", encoding="ascii") as file:
    PRINTED = json.load(file)
CFG = PRINTED["cfg"]
IMAGES, MASKS, WEAK, STRONG = (read_tensor(PRINTED[name]) for name in ("x_l", "Y", "x_u_weak", "x_u_strong"))
NOISE = {name: read_tensor(entry) for name, entry in PRINTED["noise"].items()}
INDEX = {name: torch.tensor(entry) for name, entry in PRINTED["idx"].items()}
WEIGHTS = {name: read_tensor(entry).requires_grad_() for name, entry in PRINTED["params"].items()}


# Networks

def layers(prefix):
    """Numbers of the convolutions of a sequence, which counts poolings and activations too."""
    names = (name[len(prefix) + 1:].split(".") for name in WEIGHTS if name.startswith(prefix + "."))
    return sorted({int(parts[0]) for parts in names if parts[0].isdigit()})


def convolve(x, name):
    weight = WEIGHTS[name + ".weight"]
    return F.conv2d(x, weight, WEIGHTS[name + ".bias"], padding=weight.shape[-1] // 2)


def sequence(x, prefix):
    for number in layers(prefix):
        x = convolve(x, f"{prefix}.{number}").relu()
    return x


def halve(x):
    return F.avg_pool2d(x, 2, ceil_mode=True)


def encode(x):
    levels = []
    for block in layers("enc.blocks"):
        levels.append(sequence(halve(levels[-1]) if levels else x, f"enc.blocks.{block}"))
    return levels


def decode(levels, decoder):
    *skips, x = levels
    for block in layers(f"dec.{decoder}.blocks"):
        doubled = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
        x = sequence(torch.cat([doubled, skips.pop()], 1), f"dec.{decoder}.blocks.{block}")
    return x


def draw_mask(features, decoder, code):
    """Logits [B, 1, H, W] at codes [B, D]."""
    spread = code[:, :, None, None].expand(-1, -1, *features.shape[2:])
    return convolve(sequence(torch.cat([features, spread], 1), f"seg.{decoder}.layers"), f"seg.{decoder}.last_layer")


def draw_masks(features, decoder, codes):
    """Logits [B, S, H, W] at codes [S, B, D]."""
    return torch.cat([draw_mask(features, decoder, code) for code in codes], 1)


def distribution(encoder, *inputs):
    """Location and logarithm of the scale, each [B, D]."""
    x, before = torch.cat(inputs, 1), -2
    for number in layers(encoder + ".encoder"):
        x = convolve(x if number == before + 2 else halve(x), f"{encoder}.encoder.{number}").relu()
        before = number
    return convolve(x.mean((2, 3), keepdim=True), encoder + ".head").flatten(1).chunk(2, 1)


def normal_code(location, log_scale, noise):
    return location + log_scale.exp() * noise


def laplace_code(location, log_scale, noise):
    return location - log_scale.exp() * noise.sign() * torch.log1p(-noise.abs())


# Losses

def normal_divergence(posterior, prior):
    q, p = (torch.distributions.Normal(location, log_scale.exp()) for location, log_scale in (posterior, prior))
    return torch.distributions.kl_divergence(q, p).sum(1).mean()


def laplace_divergence(posterior, prior):
    q, p = (torch.distributions.Laplace(location, log_scale.exp()) for location, log_scale in (posterior, prior))
    return torch.distributions.kl_divergence(q, p).sum(1).mean()


def dice_coefficient(p, t):
    """The weight 1 / (sum of t)^2 of generalized Dice cancels in a class of its own; its clamp acts in none here."""
    assert t.sum() > 0 and (p + t).sum() > 1e-6 * t.sum() ** 2
    return 2 * (p * t).sum() / (p + t).sum()


def dice_loss(logits, target):
    """Over the whole batch, mean over foreground and background."""
    p = logits.sigmoid()
    return 1 - (dice_coefficient(p, target) + dice_coefficient(1 - p, 1 - target)) / 2


def bound_loss(logits, masks):
    union, intersection = (dice_coefficient(logits.amax(1).sigmoid(), masks.amax(1)),
                           dice_coefficient(logits.amin(1).sigmoid(), masks.amin(1)))
    return 1 - (union + intersection) / 2


def jaccard_distance(a, b):
    return 1 - torch.minimum(a, b).sum() / torch.maximum(a, b).sum()


def energy_distance(logits, masks):
    """E d(S, Y) - E d(S, S') / 2 over distinct samples, mean over the batch."""
    of_images = []
    for samples, annotations in zip(logits.sigmoid(), masks):
        between = [jaccard_distance(sample, annotation) for sample in samples for annotation in annotations]
        within = [jaccard_distance(samples[i], samples[j]) for i in range(len(samples)) for j in range(len(samples)) if i != j]
        of_images.append(sum(between) / len(between) - sum(within) / len(within) / 2)
    return sum(of_images) / len(of_images)


def regularization():
    regularized = (name for name in WEIGHTS if name.startswith(("prior.", "posterior.")) or ".layers." in name)
    return sum(WEIGHTS[name].square().sum().sqrt() for name in regularized)


# The step

def chosen(masks, index):
    return torch.stack([own[i] for own, i in zip(masks, index)])[:, None]


def by_falling_area(masks):
    return torch.stack([torch.stack(sorted(own, key=lambda mask: -mask.sum())) for own in masks])


def labeled_terms(seen_masks, energy_noise):
    """Eq. 14, with the energy distance where there is noise for it."""
    terms = {}
    levels, prior, posterior = encode(IMAGES), distribution("prior", IMAGES), distribution("posterior", IMAGES, seen_masks)
    terms["kl_l"] = normal_divergence(posterior, prior)
    for decoder in DECODERS:
        features = decode(levels, decoder)
        logits = draw_mask(features, decoder, normal_code(*posterior, NOISE["eps_post"]))
        terms["seg_l_" + decoder] = dice_loss(logits, chosen(MASKS, INDEX["y_rand"]))
        terms["bound_" + decoder] = bound_loss(draw_masks(features, decoder, normal_code(*prior, NOISE["eps_prior"])), MASKS)
        if energy_noise is not None:
            terms["energy_" + decoder] = energy_distance(draw_masks(features, decoder, normal_code(*prior, energy_noise)), MASKS)
    terms["reg"] = regularization()
    return terms


def pseudo_labels():
    """Codes [A, B, D] and each decoder's probabilities [B, A, H, W] of weak views (eqs. 9 to 11), without gradient."""
    with torch.no_grad():
        codes, levels = laplace_code(*distribution("prior", WEAK), NOISE["u_pseudo"]), encode(WEAK)
        return codes, {decoder: draw_masks(decode(levels, decoder), decoder, codes).sigmoid() for decoder in DECODERS}


def printed_unlabeled_terms():
    """Eqs. 12 to 20."""
    terms, (_, sets) = {}, pseudo_labels()
    for decoder, teacher, view in (("phi", "xi", WEAK), ("xi", "phi", STRONG)):
        ensemble = ((sets["theta"] + sets[decoder]) / 2 > 0.5).double()
        prior, posterior = distribution("prior", view), distribution("posterior", view, ensemble)
        logits = draw_mask(decode(encode(view), decoder), decoder, laplace_code(*posterior, NOISE["u_" + decoder]))
        terms["kl_u_" + decoder] = laplace_divergence(posterior, prior)
        terms["seg_u_" + decoder] = dice_loss(logits, chosen((sets[teacher] > 0.5).double(), INDEX["r_" + teacher]))
    return terms


def same_code_terms(pasted):
    """The terms, and how near to one half a mean probability of the pseudo-labels comes."""
    codes, sets = pseudo_labels()
    mean = sum(sets.values()) / len(sets)
    majority = (mean > 0.5).double()
    phi = draw_masks(decode(encode(WEAK), "phi"), "phi", codes)
    xi = draw_masks(decode(encode(STRONG), "xi"), "xi", codes)
    terms = {"seg_u_phi": dice_loss(phi, majority), "seg_u_xi": dice_loss(xi, torch.where(pasted, MASKS, majority))}
    return terms, (mean - 0.5).abs().min().item()


def total_and_gradients(terms, weights):
    """Adds sup (without the regularization), unsup and the total (eq. 21) to the terms; gives the gradient of the total."""
    def weighted(*names):
        return sum(weights.get(name.rsplit("_", 1)[0], 1) * value for name, value in terms.items() if name.startswith(names))

    terms["sup"], terms["unsup"] = weighted("kl_l", "seg_l", "bound", "energy"), weighted("kl_u", "seg_u")
    terms["total"] = terms["sup"] + CFG["mu"] * terms["unsup"] + CFG["reg"] * terms["reg"]
    gradients = torch.autograd.grad(terms["total"], list(WEIGHTS.values()))
    return dict(zip(WEIGHTS, gradients))


def check_printed():
    terms = labeled_terms(MASKS, None) | printed_unlabeled_terms()
    gradients = total_and_gradients(terms, {"kl": CFG["alpha_l"], "bound": CFG["beta"], "kl_u": CFG["alpha_u"]})
    worst_term = max(abs(terms[name].item() / value - 1) for name, value in PRINTED["terms"].items())
    worst_gradient = 0
    for name, entry in PRINTED["grad_params"].items():
        expected = read_tensor(entry)
        worst_gradient = max(worst_gradient, ((gradients[name] - expected).abs().max() / expected.abs().max()).item())
    print(f"ambissl_step.json: terms differ by {worst_term:.1e}, gradients by {worst_gradient:.1e} of their largest entry")
    assert set(terms) == set(PRINTED["terms"]) and max(worst_term, worst_gradient) < AGREEMENT


def main():
    check_printed()
    noise = torch.randn(ENERGY_SAMPLES, *NOISE["eps_post"].shape, generator=torch.Generator().manual_seed(1)).float().double()
    pasted = torch.zeros(len(IMAGES), 1, *IMAGES.shape[2:], dtype=torch.bool)
    pasted[0, :, 2:9, 5:14] = pasted[1, :, 6:16, 0:7] = True
    terms = labeled_terms(by_falling_area(MASKS), noise)
    unlabeled, margin = same_code_terms(pasted)
    assert margin > MARGIN
    terms |= unlabeled
    gradients = total_and_gradients(terms, {"kl": CFG["alpha_l"], "bound": CFG["beta"], "energy": ENERGY_WEIGHT})
    result = {
        "doc": "The step of ambissl_step.json by AmbiSSLOptions.Recommended, made by ambissl_step_recommended.py. Inputs, weights and draws are "
               "those of ambissl_step.json; new are the noise of the energy distance and what is pasted into the strong view. No mean "
               "probability of a pseudo-label lies within min_threshold_margin of one half, so float32 cannot flip one. sup is without reg.",
        "cfg": {"alpha_l": CFG["alpha_l"], "alpha_u": 0.0, "beta": CFG["beta"], "energy": ENERGY_WEIGHT, "mu": CFG["mu"], "reg": CFG["reg"]},
        "noise": {"eps_energy": write_tensor(noise)},
        "pasted": write_tensor(pasted),
        "min_threshold_margin": margin,
        "terms": {name: value.item() for name, value in terms.items()},
        "grad_params": {name: write_tensor(gradient) for name, gradient in gradients.items()},
    }
    with open("ambissl_step_recommended.json", "w", encoding="ascii") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")
    print(f"recommended: margin {margin:.1e}, " + ", ".join(f"{name} {value.item():.6g}" for name, value in terms.items()))


if __name__ == "__main__":
    main()
