"""The parts of segmentation: words, units, features, scores, selection; see :mod:`narratives.segment`."""
