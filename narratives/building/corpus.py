"""Import the coded corpus from the shared folder into ``corpora/agency`` and fix its split by person.

    python -m narratives.building.corpus ../shared/corpus corpora/agency [MORE_NATURAL.jsonl ...]

The split is drawn once and then kept: a person who stands in ``split.csv`` keeps its side, and only
persons not seen before are drawn. Neighbouring persons of a set of singles stay together, because
minimal pairs cross persons there (datasheet).
"""

import argparse
import csv
import json
import random
import shutil
from pathlib import Path

TEST_SHARE = 0.2
SEED = 2010

Record = dict[str, object]


def read_jsonl(path: Path) -> list[Record]:
    """All records of a JSON Lines file, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def draw_test_persons(persons: list[str], contiguous: bool) -> set[str]:
    """A fifth of ``persons`` for testing: a random sample, or the last ones where neighbours belong together."""
    count = max(1, round(len(persons) * TEST_SHARE))
    if contiguous:
        return set(persons[-count:])
    return set(random.Random(SEED).sample(persons, count))


def read_split(path: Path) -> dict[str, str]:
    """Person to side ("test" or "rest") of an existing split file; empty where there is none."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["person"]: row["split"] for row in csv.DictReader(handle)}


def extend_split(split: dict[str, str], groups: dict[str, list[str]]) -> dict[str, str]:
    """Give every person of ``groups`` (set name to persons) a side; nobody who has one changes it."""
    extended = dict(split)
    for name, persons in groups.items():
        new = [person for person in persons if person not in extended]
        if not new:
            continue
        test = draw_test_persons(new, contiguous=name.startswith("s"))
        extended.update({person: "test" if person in test else "rest" for person in new})
    return extended


def group_persons(records: list[Record], fallback: str) -> dict[str, list[str]]:
    """Set name to its persons in sorted order; records without a set fall under ``fallback``."""
    groups: dict[str, set[str]] = {}
    for record in records:
        groups.setdefault(str(record.get("set", fallback)), set()).add(str(record["person"]))
    return {name: sorted(persons) for name, persons in sorted(groups.items())}


def write_split(path: Path, split: dict[str, str]) -> None:
    """Write person,split rows in sorted order."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["person", "split"])
        writer.writerows(sorted(split.items()))


def import_corpus(source: Path, target: Path) -> dict[str, str]:
    """Copy the corpus files of ``source`` to ``target``, and write the split; returns person to side."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("coded.jsonl", "singles.jsonl", "natural.jsonl", "second_coding.tsv", "interviews.csv"):
        shutil.copyfile(source / name, target / name)
    shutil.copytree(source / "transcripts", target / "transcripts", dirs_exist_ok=True)
    groups: dict[str, list[str]] = {}
    for name in ("coded", "singles", "natural"):
        groups |= group_persons(read_jsonl(target / f"{name}.jsonl"), fallback=name)
    split = extend_split(read_split(target / "split.csv"), groups)
    write_split(target / "split.csv", split)
    return split


def main() -> None:
    """Run the import from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    split = import_corpus(arguments.source, arguments.target)
    print(f"{len(split)} persons, {sum(side == 'test' for side in split.values())} of them for testing")


if __name__ == "__main__":
    main()
