"""The report: one HTML file, or a Word document, with every number traced to its quotes in context."""

from __future__ import annotations

from narratives.report.building import Report, write_report

__all__ = ["Report", "write_report"]
