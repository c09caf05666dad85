"""Measure the rules on texts that were read in full: what is found and missed, how many tenses and chains are right.

    python -m narratives.finding.measuring corpora/agency
    python -m narratives.finding.measuring corpora/agency agency-da     # with a model's evaluations as well

Reads ``checks/interventions_drawn.tsv`` (the texts), ``interventions_coded.tsv`` (every mention in them),
``couplings_coded.tsv`` (every coupling of an intervention and its consequence) and ``chains_judged.tsv``; their heads
say who coded them and how. The persons are those held out for testing: measure on them, and never tune to them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narratives.finding.checking import PARTS, texts_of, wilson

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["judged_chains", "measured", "with_found"]

_SURE = (0.6, 0.7, 0.8)
_OVERLAP = 0.5
"""Share of the shorter of two consequences that both must cover, to be the same."""


def measured(corpus: Path, model: str | None = None) -> pd.DataFrame:
    """Every figure: what was asked, of which part, ``right``, ``n``, ``share``, ``low`` and ``high`` (Wilson, 95 %).

    Args:
        corpus: folder with the texts and ``checks``.
        model: the name or folder of a coding model, whose evaluations are measured beside those coded by hand.
    """
    import pandas as pd

    drawn, coded = _read(corpus, "interventions_drawn"), _read(corpus, "interventions_coded")
    couplings, judged = _read(corpus, "couplings_coded"), _read(corpus, "chains_judged")
    mentions, chains = _run(corpus, drawn)
    coded = with_found(coded, mentions).merge(drawn[["narrative_id", "part", "stems"]], on="narrative_id")
    rows = [*_of_mentions(coded, mentions), *_of_tenses(coded), *_of_evaluations(coded, corpus, model)]
    for draw, of_draw in [*couplings.groupby("draw"), ("all", couplings)]:
        rows += _of_chains(of_draw, chains, f"draw {draw}")
    return pd.DataFrame([*rows, *judged_chains(judged)])


def with_found(coded: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The coded mentions with what the rules say of each: ``found`` (0 or 1), ``said`` and ``said_p``.

    Args:
        coded: with ``narrative_id``, ``start`` and ``end``.
        mentions: from :func:`narratives.interventions.interventions`.
    """
    by_text = {name: rows.to_dict("records") for name, rows in mentions.groupby("narrative_id")}
    said = [_at(by_text.get(row["narrative_id"], []), row) for row in coded.to_dict("records")]
    return coded.assign(
        found=[int(row is not None) for row in said],
        said=[row["tense"] if row else "" for row in said],
        said_p=[row["tense_p"] if row else 0.0 for row in said],
    )


def judged_chains(judged: pd.DataFrame) -> list[dict[str, Any]]:
    """Precision of the chains of either version of the rules, by kind and over all."""
    rows = []
    for version in ("before", "after"):
        found = judged[judged[version] == 1]
        for part, some in [*found.groupby("kind"), ("all", found)]:
            for question in ("coupled", "consequence_right"):
                rows.append(_row(f"chain, rules {version}: {question}", part, some[question]))
    return rows


def _of_mentions(coded: pd.DataFrame, mentions: pd.DataFrame) -> list[dict[str, Any]]:
    """Precision over what the rules find, recall over what was coded."""
    right = [_at(coded[coded["narrative_id"] == row["narrative_id"]].to_dict("records"), row) is not None
             for row in mentions.to_dict("records")]  # fmt: skip
    named = coded[coded["generic"] == 0]
    return [
        _row("mention: is one", "all", right),
        _row("mention: found, of those named", "all", named["found"]),
        _row("mention: found, of those named, rules before", "all", named["found_before"]),
        _row("mention: found, general words too", "all", coded["found"]),
        _row("mention: named, in the texts without a stem", "all", named.loc[named["stems"] == 0, "found"]),
    ]


def _of_tenses(coded: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    found = coded[coded["found"] == 1]
    groups = [*found.groupby("part"), *((f"draw {draw}", some) for draw, some in found.groupby("draw")), ("all", found)]
    for part, some in groups:
        rows += _tense_rows(some, "said", str(part), "tense")
        rows += _tense_rows(some[some["found_before"] == 1], "tense_before", str(part), "tense, rules before")
    for share in _SURE:
        rows += _tense_rows(found[found["said_p"] >= share], "said", f"tense_p {share} and over", "tense")
    for tense, some in found.groupby("said"):
        rows += _tense_rows(some, "said", str(tense), "tense")
    return rows


def _tense_rows(some: pd.DataFrame, said: str, part: str, asked: str) -> list[dict[str, Any]]:
    """Strictly, and with the second tense that would do."""
    strict = some[said] == some["tense"]
    return [
        _row(asked, part, strict),
        _row(f"{asked}, or the other that would do", part, strict | (some[said] == some["tense_alt"])),
    ]


def _of_evaluations(coded: pd.DataFrame, corpus: Path, model: str | None) -> list[dict[str, Any]]:
    """How often the narrative's evaluation is that of the intervention, where the text tells one."""
    from narratives.codebook import load_codebook

    variable = load_codebook().with_role("evaluation")
    told = coded[coded["evaluation"] != ""]
    rows = [_row("evaluation: told of the intervention", "all", coded["evaluation"] != "")]
    if variable is None:
        return rows
    by_hand = told["narrative_id"].map(_coded_by_hand(corpus, variable.name))
    rows.append(_row("evaluation: the narrative's, by hand", "all", by_hand == told["evaluation"]))
    if model is not None:
        by_model = told["narrative_id"].map(
            _coded_by_model(texts_of(corpus), told["narrative_id"], model, variable.name)
        )
        rows.append(_row(f"evaluation: the narrative's, by {model}", "all", by_model == told["evaluation"]))
    return rows


def _coded_by_hand(corpus: Path, variable: str) -> dict[str, str]:
    import pandas as pd

    tables = [pd.read_json(corpus / name, lines=True) for name in PARTS.values()]
    return {name: codes[variable] for table in tables for name, codes in zip(table["id"], table["codes"], strict=True)}


def _coded_by_model(texts: dict[str, str], names: pd.Series, model: str, variable: str) -> dict[str, str]:
    from narratives.classify import load_classifier

    wanted = sorted(set(names))
    codes = load_classifier(model).predict([texts[name] for name in wanted]).codes(variable)
    return dict(zip(wanted, codes, strict=True))


def _of_chains(couplings: pd.DataFrame, chains: pd.DataFrame, part: str) -> list[dict[str, Any]]:
    by_text = {name: rows.to_dict("records") for name, rows in chains.groupby("narrative_id")}
    rows = couplings.to_dict("records")
    found = [any(_same(row, link) for link in by_text.get(row["narrative_id"], [])) for row in rows]
    explicit = [hit for hit, row in zip(found, rows, strict=True) if row["explicit"] == 1]
    before = couplings["found_before"]
    return [
        _row("coupling: found, of those with words that couple", part, explicit),
        _row("coupling: found, of those with words, rules before", part, before[couplings["explicit"] == 1]),
        _row("coupling: found, of all", part, found),
        _row("coupling: found, of all, rules before", part, before),
    ]


def _same(row: dict[Any, Any], link: dict[Any, Any]) -> bool:
    """Whether a chain's consequence is the coded one."""
    shared = min(row["consequence_end"], link["end"]) - max(row["consequence_start"], link["start"])
    shorter = min(row["consequence_end"] - row["consequence_start"], link["end"] - link["start"])
    return bool(shared > _OVERLAP * shorter)


def _at(rows: list[dict[Any, Any]], place: dict[Any, Any]) -> dict[Any, Any] | None:
    return next((row for row in rows if row["start"] < place["end"] and row["end"] > place["start"]), None)


def _row(asked: str, part: str, answers: Any) -> dict[str, Any]:
    right, n = sum(map(int, answers)), len(answers)
    low, high = wilson(right, n)
    return {
        "asked": asked,
        "part": part,
        "right": right,
        "n": n,
        "share": right / n if n else None,
        "low": low,
        "high": high,
    }


def _run(corpus: Path, drawn: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mentions and chains that the rules find in the drawn texts."""
    from narratives.interventions import interventions_and_chains

    texts = texts_of(corpus)
    return interventions_and_chains(drawn[["narrative_id"]].assign(text=drawn["narrative_id"].map(texts)))


def _read(corpus: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(corpus / "checks" / f"{name}.tsv", sep="\t", comment="#", keep_default_na=False)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model", nargs="?")
    given = parser.parse_args()
    print(measured(given.corpus, given.model).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
