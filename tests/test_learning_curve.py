"""The learning curve of the shipped corpus."""

from __future__ import annotations

import json

import pytest

from narratives.building.learning_curve import draw, read_points, table

LINES = (
    ("curve/0", 0.5, 20, 0.5, 0.4),
    ("curve/0", 1.0, 40, 0.7, 0.5),
    ("curve/1", 1.0, 40, 0.6, 0.6),
    ("curve/mean2", 1.0, 40, 0.9, 0.9),
)


@pytest.fixture
def runs(tmp_path):
    path = tmp_path / "runs.jsonl"
    rows = (
        {
            "label": label,
            "natural_share": share,
            "texts": texts,
            "figures": {"natural": {"agency": {"macro_f1": one}, "arbejdsidentitet": {"macro_f1": other}}},
        }
        for label, share, texts, one, other in LINES
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_runs_of_one_share_are_averaged_and_means_of_weights_left_out(runs):
    half, whole = read_points(runs)
    assert (half.share, half.texts, half.scores["agency"]) == (0.5, 20, [0.5])
    assert whole.scores == {"agency": [0.7, 0.6], "arbejdsidentitet": [0.5, 0.6]}
    assert "| 100% | 40 | 2 | 0.650 | 0.550 |" in table([half, whole])


def test_the_picture_is_written(runs, tmp_path):
    draw(read_points(runs), tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
