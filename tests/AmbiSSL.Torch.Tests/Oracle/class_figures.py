"""Makes class_figures.json: figures of masks of several classes, each class by itself and their mean, for small images.

Written from the papers that each function names, for NumPy and SciPy, with nothing of the library. It was run in this folder with Debian's
python3-numpy 1.24 and python3-scipy 1.10:

    python3 class_figures.py

The mean over classes is macro averaging, background left out: nnU-Net's mean Dice, torchmetrics' DiceScore(average="macro", include_background=False) and
MONAI's DiceMetric(include_background=False, reduction="mean_channel"). They differ where a class is in neither mask, which is 0/0:
"agrees" counts it as 1, as MONAI's ignore_empty=False; "left_out" takes it out of the mean, as torchmetrics does. MONAI's ignore_empty=True takes out
every class that the annotation lacks, also where the prediction has it; no convention here does.
"""
import json
import math

import numpy as np
from scipy import optimize


def iou(a, b):
    union = (a | b).sum()
    return 1.0 if union == 0 else (a & b).sum() / union


def dice(a, b):
    return 1.0 if a.sum() + b.sum() == 0 else 2 * (a & b).sum() / (a.sum() + b.sum())


def distance(first, second):
    """d of two masks [K, H, W]: the mean over classes of 1 - IoU."""
    return np.mean([1 - iou(a, b) for a, b in zip(first, second)])


def ged(samples, experts):
    """Eq. 22 over masks of all classes, not class by class: with a d that is a mean over classes the two must be one number."""
    def mean(first, second):
        return np.mean([[distance(a, b) for b in second] for a in first])

    return 2 * mean(samples, experts) - mean(samples, samples) - mean(experts, experts)


def of_class(samples, probability, experts, consensus):
    """Figures of one class: masks [N, H, W] and [A, H, W]."""
    table = np.array([[dice(sample, expert) for sample in samples] for expert in experts])
    rows, columns = optimize.linear_sum_assignment(table, maximize=True)
    matched = np.zeros(len(experts))
    matched[rows] = table[rows, columns]
    share = experts.mean(0)
    bins = np.minimum((probability.astype(float) * 15).astype(int), 14)

    def diversity(masks):
        pairs = [1 - iou(masks[i], masks[j]) for i in range(len(masks)) for j in range(i)]
        return np.mean(pairs) if pairs else math.nan

    return {
        "Ged": ged(samples[:, None], experts[:, None]),
        "DiceSoft": np.mean([dice(probability > np.float32(t), share > t) for t in (0.1, 0.3, 0.5, 0.7, 0.9)]),
        "DiceMax": table.max(1).mean(),
        "DiceMatch": matched.mean(),
        "OracleDice": table.mean(0).max(),
        "ExpectedCalibrationError": sum(abs(probability[bins == b].sum(dtype=float) - share[bins == b].sum()) for b in range(15)) / share.size,
        "Brier": ((probability - share) ** 2).mean(),
        "SampleDiversity": diversity(samples),
        "ExpertDiversity": diversity(experts),
        "ConsensusDice": np.mean([dice(consensus, expert) for expert in experts]),
    }


def mean(classes):
    """Of each figure, over the classes that have it."""
    return {name: np.nanmean([own[name] for own in classes]) if any(not math.isnan(own[name]) for own in classes) else math.nan for name in classes[0]}


def harden(probability, overlap):
    """The most probable of background and the classes; each class by itself where they overlap."""
    if overlap:
        return probability > 0.5
    background = 1 - probability.sum(0, dtype=float)
    winner = np.concatenate([background[None], probability]).argmax(0)
    return np.stack([winner == k + 1 for k in range(len(probability))])


def case(name, samples, experts, overlap=False):
    probability = samples.mean(0).astype(np.float32)
    consensus = harden(probability, overlap)
    classes = [of_class(samples[:, k], probability[k], experts[:, k], consensus[k]) for k in range(samples.shape[1])]
    present = [own for k, own in enumerate(classes) if samples[:, k].any() or experts[:, k].any()]
    assert math.isclose(mean(classes)["Ged"], ged(samples, experts), abs_tol=1e-12)
    return {
        "name": name, "overlap": overlap, "k": samples.shape[1], "h": samples.shape[2], "w": samples.shape[3],
        "samples": text(samples), "annotations": text(experts), "classes": values(classes), "agrees": values([mean(classes)])[0],
        "left_out": values([mean(present)])[0],
    }


def values(rows):
    return [{name: None if math.isnan(value) else float(value) for name, value in row.items()} for row in rows]


def text(masks):
    return ["".join("1" if pixel else "0" for pixel in mask.ravel()) for mask in masks]


def core_and_rim(random, count, size, wobble):
    """A disc in a disc, place and sizes of which differ from mask to mask; a quarter of the masks have no core."""
    y, x = np.mgrid[:size, :size]
    masks = []
    for _ in range(count):
        far = np.hypot(y - size * 0.5 - random.normal(0, wobble), x - size * 0.5 - random.normal(0, wobble))
        inner = 0 if random.random() < 0.25 else size * 0.18 + random.normal(0, wobble / 2)
        masks.append([far < inner, (far >= inner) & (far < size * 0.35 + random.normal(0, wobble / 2))])
    return np.array(masks)


def numbers(random, count, classes, size):
    """Noise of class numbers."""
    drawn = random.integers(0, classes + 1, (count, size, size))
    return np.stack([drawn == k + 1 for k in range(classes)], 1)


random = np.random.default_rng(11)
EMPTY = np.zeros((1, 1, 12, 12), bool)
DISCS, OTHERS = core_and_rim(random, 6, 12, 1), core_and_rim(random, 3, 12, 0.7)
CASES = [
    case("core and rim", core_and_rim(random, 8, 20, 1), core_and_rim(random, 4, 20, 0.8)),
    case("three classes of noise", numbers(random, 5, 3, 9), numbers(random, 3, 3, 9)),
    case("two that overlap", random.random((6, 2, 11, 11)) < 0.4, random.random((4, 2, 11, 11)) < 0.3, overlap=True),
    case("one sample, one expert", core_and_rim(random, 1, 12, 1), core_and_rim(random, 1, 12, 1)),
    case("a class that nobody drew", np.concatenate([DISCS, np.repeat(EMPTY, 6, 0)], 1), np.concatenate([OTHERS, np.repeat(EMPTY, 3, 0)], 1)),
    case("a class that only experts drew", np.concatenate([DISCS[:, :1], np.repeat(EMPTY, 6, 0)], 1), OTHERS),
    case("a class that only samples drew", DISCS, np.concatenate([np.repeat(EMPTY, 3, 0), OTHERS[:, 1:]], 1)),
]

with open("class_figures.json", "w", encoding="ascii") as file:
    json.dump({"cases": CASES}, file, indent=1)
    file.write("\n")
