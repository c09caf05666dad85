"""How good the rules are: a sample drawn for reading, and precision from the judged sample.

    python -m narratives.finding.checking draw corpora/agency sample.csv [judged_before.csv]
    python -m narratives.finding.checking report corpora/agency/checks/interventions_checked.csv

The sample comes from persons on whom the rules were not developed: the second half of each set of the
corpus, test persons left out. A person then writes 1 (right) or 0 (wrong) in the columns of
:data:`JUDGED`; ``report`` prints precision with Wilson intervals.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["JUDGED", "draw", "later_half", "precision", "texts_of", "wilson"]

PARTS = {"transcripts": "coded.jsonl", "natural": "natural.jsonl", "singles": "singles.jsonl"}
MENTIONS, CHAINS = 40, 20
"""Drawn from each part."""
SEED = 2010
JUDGED = {"mention": ("is_intervention", "tense_right"), "chain": ("coupled", "consequence_right")}
"""Per kind the columns that a reader fills."""
_SHOWN = {
    "mention": ["intervention", "category", "quote", "tense", "start", "end"],
    "chain": [
        "intervention",
        "connective",
        "direction",
        "coupling",
        "cause",
        "consequence",
        "reservation",
        "start",
        "end",
    ],
}


def later_half(persons: Iterable[str]) -> set[str]:
    """The second half of the persons of each set, in sorted order; a set is what stands before the first hyphen."""
    sets: dict[str, list[str]] = defaultdict(list)
    for person in sorted(persons):
        sets[person.split("-")[0] if "-" in person else ""].append(person)
    return {person for members in sets.values() for person in members[len(members) // 2 :]}


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), in [0, 1]; (0, 1) where ``n`` is 0."""
    if not n:
        return 0.0, 1.0
    share = right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def draw(corpus: Path, seen: frozenset[str] = frozenset()) -> pd.DataFrame:
    """A seeded sample of mentions and chains, the columns of :data:`JUDGED` empty.

    Args:
        corpus: folder with ``split.csv`` and the files of :data:`PARTS`.
        seen: narratives of an earlier round, which are left out.
    """
    import pandas as pd

    from narratives.interventions import interventions

    drawn = []
    for part, unseen in _texts(corpus).items():
        texts = unseen[~unseen["narrative_id"].isin(seen)]
        for kind, found, size in (("mention", interventions(texts), MENTIONS), ("chain", _chains(texts), CHAINS)):
            sample = found.sample(n=min(size, len(found)), random_state=SEED).sort_index()
            columns = sample[["narrative_id", *_SHOWN[kind]]].assign(kind=kind, part=part)
            drawn.append(columns.merge(texts[["narrative_id", "text"]], on="narrative_id"))
    table = pd.concat(drawn, ignore_index=True)
    judged = [column for columns in JUDGED.values() for column in columns]
    table = table.assign(**dict.fromkeys(judged, ""), remark="")
    table.insert(0, "number", table.index + 1)
    return table


def precision(judged: pd.DataFrame) -> pd.DataFrame:
    """Precision per round, kind and question: by part of the corpus, by the chains' coupling, and over all.

    Args:
        judged: samples with the columns of :data:`JUDGED` filled, and ``round`` where there are several.

    Returns:
        ``round``, ``kind``, ``question``, ``part``, ``right``, ``n``, ``precision``, ``low``, ``high`` (Wilson, 95 %).
    """
    import pandas as pd

    rounds = judged["round"] if "round" in judged else pd.Series(1, index=judged.index)
    rows = []
    for (number, kind), sample in judged.groupby([rounds.rename("round"), "kind"], sort=True):
        for question in JUDGED[str(kind)]:
            answers = sample[question].astype(int)
            groups = [*answers.groupby(sample["part"]), *answers.groupby(sample["coupling"]), ("all", answers)]
            asked = {"round": number, "kind": kind, "question": question}
            rows += [asked | {"part": part} | _share(group) for part, group in groups]
    return pd.DataFrame(rows)


def _share(answers: pd.Series) -> dict[str, Any]:
    right, n = int(answers.sum()), len(answers)
    low, high = wilson(right, n)
    return {"right": right, "n": n, "precision": answers.mean(), "low": low, "high": high}


def _chains(texts: pd.DataFrame) -> pd.DataFrame:
    """Chains, their kind under a name that the sample has free."""
    from narratives.interventions import chains

    return chains(texts).rename(columns={"kind": "coupling"})


def texts_of(corpus: Path) -> dict[str, str]:
    """Every text of the corpus by its id."""
    import pandas as pd

    tables = (pd.read_json(corpus / name, lines=True) for name in PARTS.values())
    return {name: text for table in tables for name, text in zip(table["id"], table["text"], strict=True)}


def _texts(corpus: Path) -> dict[str, pd.DataFrame]:
    """Per part the texts of the persons who were not used for development."""
    import pandas as pd

    split = pd.read_csv(corpus / "split.csv")
    persons = later_half(split.loc[split["split"] == "rest", "person"])
    tables = {part: pd.read_json(corpus / name, lines=True) for part, name in PARTS.items()}
    return {
        part: table[table["person"].isin(persons)].rename(columns={"id": "narrative_id"})[["narrative_id", "text"]]
        for part, table in tables.items()
    }


def main() -> None:
    """Draw a sample, or report on a judged one."""
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("draw", "report"))
    parser.add_argument("path", type=Path)
    parser.add_argument("target", type=Path, nargs="?")
    parser.add_argument("before", type=Path, nargs="?", help="an earlier sample, whose narratives are left out")
    given = parser.parse_args()
    if given.what == "report":
        print(precision(pd.read_csv(given.path)).round(2).to_string(index=False))
    elif given.target is None:
        parser.error("draw needs a file to write")
    else:
        seen = pd.read_csv(given.before)["narrative_id"] if given.before else ()
        draw(given.path, frozenset(seen)).to_csv(given.target, index=False)


if __name__ == "__main__":
    main()
