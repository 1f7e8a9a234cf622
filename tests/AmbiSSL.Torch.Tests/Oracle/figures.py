"""Makes figures.json: the figures beyond the usual ones, for small images with samples, experts and a consensus.

Written from the papers that each function names, for NumPy and SciPy, with nothing of the library. It was run in this folder with Debian's
python3-numpy 1.24 and python3-scipy 1.10:

    python3 figures.py
"""
import json
import math

import numpy as np
from scipy import ndimage, optimize

EVERY_SIDE = np.ones((3, 3), int)


def iou(a, b):
    union = (a | b).sum()
    return 1.0 if union == 0 else (a & b).sum() / union


def dice(a, b):
    return 1.0 if a.sum() + b.sum() == 0 else 2 * (a & b).sum() / (a.sum() + b.sum())


def matched_iou(samples, experts):
    """Kohl et al. 2019, section 4: both sets repeated to their least common multiple, Hungarian matching."""
    side = math.lcm(len(samples), len(experts))
    first, second = np.repeat(samples, side // len(samples), 0), np.repeat(experts, side // len(experts), 0)
    table = np.array([[iou(a, b) for b in second] for a in first])
    rows, columns = optimize.linear_sum_assignment(table, maximize=True)
    return table[rows, columns].mean()


def ged(samples, experts):
    def mean(first, second):
        return np.mean([[1 - iou(a, b) for b in second] for a in first])

    return 2 * mean(samples, experts) - mean(samples, samples) - mean(experts, experts)


def cross_correlation(samples, experts, eps=1e-8):
    """Baumgartner et al. 2019, eq. 9: cross-entropies of two classes, with the small number of the paper's code."""
    classes = np.stack([~samples, samples], -1).astype(float)
    truths = np.stack([~experts, experts], -1).astype(float)

    def entropy(target):
        return np.mean([-(target * np.log(sample + eps)).sum(-1) for sample in classes], 0)

    def correlate(a, b):
        with np.errstate(invalid="ignore"):
            return np.mean((a - a.mean()) / a.std() * (b - b.mean()) / b.std())

    spread = entropy(classes.mean(0))
    if (samples == samples[0]).all():
        return math.nan
    return np.mean([correlate(spread, entropy(truth)) for truth in truths])


def adaptive_calibration_error(probability, experts, ranges=15):
    """Nixon et al. 2019: ranges of equal mass. Each pixel is repeated once for each range, so that the pixels divide; ties have their mean share."""
    flat, share = probability.ravel().astype(float), experts.mean(0).ravel()
    tied = np.array([share[flat == value].mean() for value in flat])
    order = np.argsort(flat, kind="stable")
    parts = (np.repeat(values[order], ranges).reshape(ranges, -1).mean(1) for values in (flat, tied))
    return np.abs(np.subtract(*parts)).mean()


def collective_insight(samples, experts):
    """Rahman et al. 2023, section 3.3: as printed, 3·S·D·A / (S + D + A); variance of the difference of two masks."""
    if len(samples) < 2 or len(experts) < 2:
        return math.nan
    truth, drawn = experts.any(0), samples.any(0)
    sensitivity = (truth & drawn).sum() / truth.sum() if truth.any() else float(not drawn.any())
    maximum = np.mean([max(dice(sample, expert) for sample in samples) for expert in experts])

    def variances(masks):
        return [np.var(masks[i].astype(float) - masks[j]) for i in range(len(masks)) for j in range(i)]

    own, other = variances(samples), variances(experts)
    agreement = 1 - (abs(max(own) - max(other)) + abs(min(own) - min(other))) / 2
    return 3 * sensitivity * maximum * agreement / (sensitivity + maximum + agreement)


def crps(samples, truths):
    """The integral of (F(x) - [x >= y])² over x, between the steps of F and y."""
    total = 0
    for truth in truths:
        steps = np.sort(np.append(samples, truth))
        for low, high in zip(steps[:-1], steps[1:]):
            total += ((np.asarray(samples) <= low).mean() - (truth <= low)) ** 2 * (high - low)
    return total / len(truths)


def components(mask):
    labels, count = ndimage.label(mask, EVERY_SIDE)
    return [labels == number for number in range(1, count + 1)]


def lesion_f1(mask, truth):
    """Kuijf et al. 2019: one voxel in common finds a lesion."""
    own, other = components(mask), components(truth)
    if not own and not other:
        return 1.0
    if not own or not other:
        return 0.0
    precision = np.mean([(lesion & truth).any() for lesion in own])
    recall = np.mean([(lesion & mask).any() for lesion in other])
    return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)


def lesion_share_error(samples, experts):
    lesions = components(samples.any(0) | experts.any(0))
    return np.mean([abs(np.mean([(mask & lesion).any() for mask in samples]) - np.mean([(mask & lesion).any() for mask in experts]))
                    for lesion in lesions]) if lesions else 0.0


def staple(experts):
    """Warfield, Zou and Wells 2004, section 2: expectation and maximization over every pixel, one prior; one half is inside."""
    votes = experts.reshape(len(experts), -1)
    prior, p, q = votes.mean(), np.full(len(votes), 0.99999), np.full(len(votes), 0.99999)
    if not votes.any() or votes.all():
        return experts[0]
    for _ in range(5000):
        inside = prior * np.prod(np.where(votes, p[:, None], 1 - p[:, None]), 0)
        outside = (1 - prior) * np.prod(np.where(votes, 1 - q[:, None], q[:, None]), 0)
        weight = inside / (inside + outside)
        p, q = (weight * votes).sum(1) / weight.sum(), ((1 - weight) * ~votes).sum(1) / (1 - weight).sum()
    return (weight >= 0.5 - 1e-6).reshape(experts.shape[1:])


def surface(mask, reference, spacing, tolerance):
    """MONAI: get_mask_edges, HausdorffDistanceMetric(percentile=95) and SurfaceDiceMetric, written with SciPy's distance transform."""
    if not mask.any() and not reference.any():
        return 0.0, 1.0
    if not mask.any() or not reference.any():
        return math.hypot(mask.shape[0] * spacing[0], mask.shape[1] * spacing[1]), 0.0
    own, other = (edge ^ ndimage.binary_erosion(edge) for edge in (mask, reference))
    there = ndimage.distance_transform_edt(~other, sampling=spacing)[own]
    back = ndimage.distance_transform_edt(~own, sampling=spacing)[other]
    within = (there <= tolerance).sum() + (back <= tolerance).sum()
    return max(np.quantile(there, 0.95), np.quantile(back, 0.95)), within / (len(there) + len(back))


def risk_coverage(doubt, risk):
    """Geifman and El-Yaniv 2017: mean selective risk over all coverages; ties in the mean over many random orders are their mean risk."""
    doubt, risk = np.array(doubt), np.array(risk)
    tied = np.array([risk[doubt == value].mean() for value in doubt])[np.argsort(doubt, kind="stable")]
    return np.mean(np.cumsum(tied) / np.arange(1, len(tied) + 1))


def figures(samples, experts, consensus, spacing, tolerance):
    probability = samples.mean(0).astype(np.float32)
    one = probability > 0.5 if consensus is None else consensus
    row, column = spacing or (1, 1)
    area = row * column
    values = {
        "MatchedIou": matched_iou(samples, experts),
        **{f"Ged{count}": ged(samples[:count], experts) if len(samples) >= count else math.nan for count in (10, 16, 50, 100)},
        "NormalizedCrossCorrelation": cross_correlation(samples, experts),
        "AdaptiveCalibrationError": adaptive_calibration_error(probability, experts),
        "CollectiveInsight": collective_insight(samples, experts),
        "AreaScore": crps(samples.sum((1, 2)) * area, experts.sum((1, 2)) * area),
        "LesionF1": np.mean([lesion_f1(one, expert) for expert in experts]),
        "LesionShareError": lesion_share_error(samples, experts),
        "ConsensusDice": np.mean([dice(one, expert) for expert in experts]),
    }
    for name, reference in (("Majority", 2 * experts.sum(0) >= len(experts)), ("Staple", staple(experts))):
        hausdorff, surface_dice = surface(one, reference, (row, column), tolerance)
        values |= {f"ConsensusDice{name}": dice(one, reference), f"ConsensusHausdorff{name}": hausdorff, f"ConsensusSurfaceDice{name}": surface_dice}
    return values


def blobs(random, count, height, width, wobble):
    """Like lesions: two discs whose place and size differ from mask to mask; the second is not in all of them."""
    y, x = np.mgrid[:height, :width]
    masks = []
    for _ in range(count):
        mask = (y - height * 0.4 - random.normal(0, wobble)) ** 2 + (x - width * 0.4 - random.normal(0, wobble)) ** 2 < (4 + random.normal(0, wobble)) ** 2
        if random.random() < 0.5:
            mask |= (y - height * 0.85) ** 2 + (x - width * 0.85 - random.normal(0, wobble)) ** 2 < 5
        masks.append(mask)
    return np.array(masks)


def text(masks):
    return ["".join("1" if pixel else "0" for pixel in mask.ravel()) for mask in masks]


def case(name, samples, experts, consensus=None, spacing=None, tolerance=1):
    values = figures(samples, experts, consensus, spacing, tolerance)
    return {
        "name": name, "h": samples.shape[1], "w": samples.shape[2], "samples": text(samples), "annotations": text(experts),
        "consensus": None if consensus is None else text([consensus])[0], "spacing": spacing, "tolerance": tolerance,
        "expected": {figure: None if math.isnan(value) else float(value) for figure, value in values.items()},
    }


random = np.random.default_rng(7)
EMPTY = np.zeros((2, 9, 11), bool)
CASES = [
    case("ten samples, four experts", blobs(random, 10, 24, 20, 1), blobs(random, 4, 24, 20, 0.7)),
    case("six samples, four experts, tolerance 2", blobs(random, 6, 17, 23, 1.5), blobs(random, 4, 17, 23, 1), tolerance=2),
    case("sixteen samples, three experts, a consensus, millimeters", blobs(random, 16, 20, 20, 1), blobs(random, 3, 20, 20, 1.2),
         blobs(random, 1, 20, 20, 0.5)[0], [0.7, 1.3], 1.5),
    case("a hundred samples", blobs(random, 100, 14, 14, 1), blobs(random, 4, 14, 14, 1)),
    case("readers of unlike skill", blobs(random, 3, 24, 24, 0.5), np.concatenate([blobs(random, 3, 24, 24, 0.4), blobs(random, 2, 24, 24, 4)])),
    case("noise", random.random((5, 9, 13)) < 0.4, random.random((3, 9, 13)) < 0.4),
    case("masks at the ends of the image", random.random((4, 6, 6)) < 0.9, random.random((4, 6, 6)) < 0.9),
    case("one sample, one expert", blobs(random, 1, 12, 12, 1), blobs(random, 1, 12, 12, 1)),
    case("samples that are the same", np.repeat(blobs(random, 1, 12, 12, 1), 3, 0), blobs(random, 2, 12, 12, 1)),
    case("nobody drew anything", EMPTY, EMPTY),
    case("only experts drew", EMPTY, blobs(random, 3, 9, 11, 1), spacing=[2, 0.5]),
    case("only samples drew", blobs(random, 3, 9, 11, 1), EMPTY),
    case("everything is foreground", ~EMPTY, ~EMPTY),
]
DOUBT = [0.1, 0.4, 0.4, 0.2, 0.9, 0.4, 0.0, 0.9]
RISK = [0.2, 0.1, 0.6, 0.25, 0.5, 0.3, 0.05, 0.8]
RISK_COVERAGE = {"doubt": DOUBT, "risk": RISK, "area": risk_coverage(DOUBT, RISK), "excess": risk_coverage(DOUBT, RISK) - risk_coverage(RISK, RISK)}

with open("figures.json", "w", encoding="ascii") as file:
    json.dump({"cases": CASES, "risk_coverage": RISK_COVERAGE}, file, indent=1)
    file.write("\n")
