"""Compares the answers of two peers: detections by class, score and box, other outputs by their range."""

import numpy as np

FIELDS = [f"detection_{field}" for field in ("classes", "scores", "boxes")]

SCORE = 0.01
OVERLAP = 0.95

# Part of an output's range.
DIFFERENCE = 0.01


def matched(expected, actual):
    """How many detections, or whole outputs, of `expected` are in `actual`, and how many there are."""
    if all(field in expected and field in actual for field in FIELDS):
        return count_detections(expected, actual), len(expected["detection_scores"][0])
    shared = [name for name in expected if name in actual]
    return sum(close(expected[name], actual[name]) for name in shared), len(shared)


def count_detections(expected, actual):
    rows = list(zip(*(actual[field][0] for field in FIELDS)))
    count = 0
    for kind, score, box in zip(*(expected[field][0] for field in FIELDS)):
        for i, (other_kind, other_score, other_box) in enumerate(rows):
            if kind == other_kind and abs(score - other_score) < SCORE and overlap(box, other_box) > OVERLAP:
                del rows[i]
                count += 1
                break
    return count


def overlap(a, b):
    top, left = np.maximum(a[:2], b[:2])
    bottom, right = np.minimum(a[2:], b[2:])
    shared = max(0.0, bottom - top) * max(0.0, right - left)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / union if union > 0 else float(np.abs(a - b).max() < 1e-3)


def close(expected, actual):
    scale = max(float(np.ptp(expected)), 1e-6)
    return expected.shape == actual.shape and float(np.abs(expected - actual).max()) <= DIFFERENCE * scale
