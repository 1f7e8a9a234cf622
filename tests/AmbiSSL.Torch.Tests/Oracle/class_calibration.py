"""Makes class_calibration.json: what a calibration chooses for masks of two classes, of four patients each.

Written from the papers that each function names, for NumPy and SciPy, with nothing of the library. It was run in this folder with Debian's
python3-numpy 1.24 and python3-scipy 1.10:

    python3 class_calibration.py

A pixel of a mask is a digit, 1 for the first class, 2 for the second, 3 for both. A pixel of a probability is the position of its pair in the table.
"""
import json

import numpy as np
from scipy import ndimage

SIDE, COVERAGE = 14, 0.7
EIGHT = np.ones((3, 3), int)
FIRST = [0.02, 0.04, 0.11, 0.31, 0.46, 0.61, 0.72]


def iou(a, b):
    union = (a | b).sum()
    return 1.0 if union == 0 else (a & b).sum() / union


def dice(a, b):
    return 1.0 if a.sum() + b.sum() == 0 else 2 * (a & b).sum() / (a.sum() + b.sum())


def ged(samples, experts):
    def mean(first, second):
        return np.mean([[1 - iou(a, b) for b in second] for a in first])

    return 2 * mean(samples, experts) - mean(samples, samples) - mean(experts, experts)


def processed(mask, others, fill, smallest, largest):
    """Holes filled but where another class is, then components of fewer pixels removed, then all but the largest."""
    mask = mask.copy()
    if fill:
        mask |= ndimage.binary_fill_holes(mask) & ~others
    labels, count = ndimage.label(mask, EIGHT)
    sizes = ndimage.sum(mask, labels, range(1, count + 1))
    for label, size in enumerate(sizes, 1):
        if size < smallest or (largest and label != 1 + np.argmax(sizes)):
            mask[labels == label] = False
    return mask


CANDIDATES = [(fill, smallest, largest) for largest in (False, True) for smallest in ([1] if largest else [1, 5, 10, 20, 50, 100]) for fill in (False, True)]


def consensus(probability, threshold, overlap):
    """[K, H, W]: above the threshold, or the most probable class where its odds against background are above those of the threshold."""
    if overlap:
        return probability > threshold
    background = 1 - probability.sum(0)
    best = probability.argmax(0)
    odds = probability.max(0) / np.maximum(background, 1e-300) > threshold / (1 - threshold)
    return np.stack([(best == k) & odds for k in range(2)])


def tempered(probability, temperature, overlap):
    """Guo et al., ICML 2017: logits of a class against all else, or of background and all classes, divided by T."""
    if overlap:
        return 1 / (1 + ((1 - probability) / probability) ** (1 / temperature))
    powers = np.concatenate([1 - probability.sum(0, keepdims=True), probability]) ** (1 / temperature)
    return powers[1:] / powers.sum(0)


def outlines(probabilities, experts):
    """Angelopoulos et al., ICLR 2024, of one class: the widest inner and the narrowest outer set that are safe, of all sets of the most probable pixels."""
    values = sorted({value for probability in probabilities for value in np.unique(probability)})

    def safe(risks):
        return (sum(risks) + 1) / (len(risks) + 1) <= 1 - COVERAGE + 1e-9

    def excess(probability, masks, value):
        drawn = probability >= value
        return np.mean([1 - (drawn & mask).sum() / drawn.sum() for mask in masks]) if drawn.any() else 0

    def missed(probability, masks, value):
        return np.mean([1 - (mask & (probability >= value)).sum() / mask.sum() if mask.any() else 0 for mask in masks])

    inner = [value for value in values
             if safe([max(excess(p, m, tighter) for tighter in values if tighter >= value) for p, m in zip(probabilities, experts)])]
    outer = [value for value in values if safe([missed(p, m, value) for p, m in zip(probabilities, experts)])]
    least = min(inner) if inner else 2
    return [probability >= least for probability in probabilities], [probability >= max(outer) for probability in probabilities]


def digits(planes):
    return "".join(str(digit) for digit in (planes[0] + 2 * planes[1]).ravel())


def disc(center, radius):
    y, x = np.mgrid[:SIDE, :SIDE]
    return (y - center[0]) ** 2 + (x - center[1]) ** 2 <= radius ** 2


def case(name, overlap, random):
    images = []
    table = [(0.01, 0.01)]
    for _ in range(4):
        center = random.uniform(6, 8, 2)
        core, whole = random.uniform(2, 3), random.uniform(4.5, 5.5)

        def planes(core, whole):
            inside, around = disc(center, core), disc(center, whole)
            return np.stack([inside, around if overlap else around & ~inside])

        experts = [planes(core + d, whole + e) for d, e in random.normal(0, 0.4, (3, 2))]
        samples = [planes(core + d, whole + e) for d, e in random.normal(0, 0.4, (4, 2))]
        for sample in samples:
            # Specks of the first class outside, holes in the second.
            for y, x in random.integers(0, 2, (3, 2)) * (SIDE - 1):
                sample[0, y, x] = True
            y, x = np.round(center + [0, (core + whole) / 2]).astype(int)
            sample[1, y, x] = False
        y, x = np.mgrid[:SIDE, :SIDE]
        distance = np.hypot(y - center[0], x - center[1])
        first = np.clip(np.round((core + 1.5 - distance) * 2), 0, 6).astype(int)
        second = np.clip(np.round((whole + 1.5 - distance) * 2), 0, 6).astype(int)
        pairs = np.zeros((SIDE, SIDE), int)
        for place in np.ndindex(SIDE, SIDE):
            own, other = FIRST[first[place]], FIRST[second[place]]
            pair = (own, other) if overlap else (own, round(0.95 * (1 - own) * other, 4))
            pair = pair if first[place] + second[place] > 0 else table[0]
            pairs[place] = table.index(pair) if pair in table else len(table)
            table.append(pair) if pairs[place] == len(table) else None
        images.append((experts, samples, pairs))

    values = np.array(table)
    probabilities = [values[pairs].transpose(2, 0, 1) for _, _, pairs in images]
    none = np.zeros((SIDE, SIDE), bool)

    def others(planes, k):
        return none if overlap else planes[1 - k]

    processing = []
    for k in range(2):
        distances = [
            sum(ged([processed(sample[k], others(sample, k), *candidate) for sample in samples], [expert[k] for expert in experts]) for experts, samples, _ in images)
            for candidate in CANDIDATES]
        processing.append(CANDIDATES[int(np.argmin(distances))])

    thresholds = sorted((step / 20 for step in range(2, 19)), key=lambda threshold: abs(threshold - 0.5))
    means = []
    for threshold in thresholds:
        total = 0.0
        for (experts, _, _), probability in zip(images, probabilities):
            drawn = consensus(probability, threshold, overlap)
            for k in range(2):
                majority = np.sum([expert[k] for expert in experts], 0) >= 2
                total += dice(processed(drawn[k], others(drawn, k), *processing[k]), majority)
        means.append(total)

    temperatures = sorted((10 ** (step / 100) for step in range(-100, 101)), key=lambda temperature: abs(np.log(temperature)))
    scores = [
        sum(((tempered(probability, temperature, overlap) - np.mean(experts, 0)) ** 2).sum() for (experts, _, _), probability in zip(images, probabilities))
        for temperature in temperatures]
    temperature = temperatures[int(np.argmin(scores))]
    warm = [tempered(probability, temperature, overlap) for probability in probabilities]
    drawn = [outlines([probability[k] for probability in warm], [[expert[k] for expert in experts] for experts, _, _ in images]) for k in range(2)]

    margins = sorted(scores)[1] / min(scores) - 1, sorted(set(np.round(means, 9)))[-1] - sorted(set(np.round(means, 9)))[-2]
    print(name, processing, thresholds[int(np.argmax(means))], temperature, "margins", margins, "pairs", len(table))
    return {
        "name": name, "overlap": overlap, "coverage": COVERAGE, "table": [list(map(float, pair)) for pair in table],
        "images": [{
            "experts": [digits(expert) for expert in experts], "samples": [digits(sample) for sample in samples], "probability": pairs.ravel().tolist(),
            "inner": digits(np.stack([drawn[k][0][i] for k in range(2)])), "outer": digits(np.stack([drawn[k][1][i] for k in range(2)])),
        } for i, (experts, samples, pairs) in enumerate(images)],
        "processing": [{"fill": fill, "smallest": smallest, "largest": largest} for fill, smallest, largest in processing],
        "threshold": thresholds[int(np.argmax(means))], "temperature": temperature,
    }


if __name__ == "__main__":
    cases = [case("exclusive", False, np.random.default_rng(1)), case("overlapping", True, np.random.default_rng(2))]
    with open("class_calibration.json", "w") as file:
        json.dump({"side": SIDE, "cases": cases}, file, separators=(",", ":"))
        file.write("\n")
