"""How far the second coder of a corpus agrees with its author: the table in the datasheet.

    python -m narratives.building.agreement [--corpus agency]

Cohen's kappa without weights (Cohen 1960, *Educational and Psychological Measurement* 20), over the texts that
both coded. The natural answers are measured by ``narratives evaluate``, as they have coders of their own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from narratives.coded.corpus import read_corpus
from narratives.coded.records import CodedData

__all__ = ["PARTS", "agreement_table", "main"]

PARTS = ("transcripts", "singles")
"""Parts of the corpus whose author's codes stand beside a second coder's."""

Row = tuple[str, int, float, float]
"""Variable, texts both coded, share alike (0-1), kappa (-1 to 1)."""


def agreement_table(data: CodedData) -> list[Row]:
    """Agreement of the first with the second coding of each text, by variable.

    Args:
        data: texts with their codings, the author's first; those with one coding are left out, as are
            variables that no text has two codes of.
    """
    return [row for variable in data.codebook.names if (row := _agreement(data, variable)) is not None]


def _agreement(data: CodedData, variable: str) -> Row | None:
    from sklearn.metrics import cohen_kappa_score

    given = [[coding.codes[variable] for coding in text.codings if variable in coding.codes] for text in data.texts]
    pairs = [(codes[0], codes[1]) for codes in given if len(codes) > 1]
    if not pairs:
        return None
    alike = sum(one == other for one, other in pairs) / len(pairs)
    return variable, len(pairs), alike, float(cohen_kappa_score(*zip(*pairs, strict=True)))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m narratives.building.agreement", description=__doc__)
    parser.add_argument("--corpus", default="agency", metavar="NAME")
    arguments = parser.parse_args(argv)
    print("| part | variable | texts both coded | alike | kappa |\n|---|---|---|---|---|")
    for part in PARTS:
        for variable, count, alike, kappa in agreement_table(read_corpus(arguments.corpus, [part])):
            print(f"| {part} | {variable} | {count:,} | {alike:.3f} | {kappa:.3f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
