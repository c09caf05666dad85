"""Measuring: scores with intervals by person, calibration, coverage, agreement, baselines, reports."""
