"""Which codebook coded texts follow, and its spelling of their codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from narratives.codebook import Codebook, Variable, load_codebook, parse_codebook, shipped_codebooks
from narratives.coded.records import CodedText, Coding
from narratives.errors import CodedDataError
from narratives.messages import say

__all__ = ["code_counts", "codebook_for", "fitting_codebook", "mostly_fits", "spelled", "spelled_texts"]

_MOST = 0.5
"""Above this share of known codes a column is taken to follow a shipped codebook, and the rest for slips."""


def spelled(code: str, variable: Variable) -> str:
    """The codebook's spelling of a code, whatever its case and the space around it; unknown codes as they are."""
    if code in variable.labels:
        return code
    plain = code.strip().casefold()
    return next((label for label in variable.labels if label.casefold() == plain), code)


def spelled_texts(texts: Iterable[CodedText], book: Codebook | None) -> list[CodedText]:
    """The texts with all codes spelled as in the codebook; without one as they are."""
    if book is None:
        return list(texts)
    known = {variable.name: variable for variable in book.variables}
    return [replace(text, codings=tuple(_spelled_coding(coding, known) for coding in text.codings)) for text in texts]


def _spelled_coding(coding: Coding, known: Mapping[str, Variable]) -> Coding:
    codes = {name: spelled(code, known[name]) if name in known else code for name, code in coding.codes.items()}
    return replace(coding, codes=codes)


def code_counts(texts: Iterable[CodedText]) -> dict[str, Counter[str]]:
    """How often each variable was given each code, over all coders."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for coding in text.codings:
            for variable, code in coding.codes.items():
                counts.setdefault(variable, Counter())[code] += 1
    return counts


def mostly_fits(counts: Mapping[str, int], variable: Variable) -> bool:
    """Whether more than half of the codes given (or none at all) are the variable's."""
    known = sum(count for code, count in counts.items() if spelled(code, variable) in variable.labels)
    return known > _MOST * sum(counts.values()) or not counts


def fitting_codebook(counts: Mapping[str, Mapping[str, int]]) -> Codebook | None:
    """The shipped codebook that has all these variables and most of their codes; one that has all codes first."""
    books = [load_codebook(name) for name in shipped_codebooks()]
    named = [book for book in books if counts and set(counts) <= set(book.names)]
    fitting = [book for book in named if all(mostly_fits(found, book[name]) for name, found in counts.items())]
    return min(fitting, key=lambda book: _strange(counts, book), default=None)


def _strange(counts: Mapping[str, Mapping[str, int]], book: Codebook) -> int:
    """How many codes the codebook does not know."""
    return sum(spelled(code, book[name]) not in book[name].labels for name, found in counts.items() for code in found)


def codebook_for(texts: Sequence[CodedText], codebook: Codebook | None, name: str) -> tuple[Codebook, list[str], str]:
    """The codebook reduced to what is coded.

    Args:
        codebook: the one given, if any; else the shipped one that most codes fit, else one derived.
        name: of a derived codebook.

    Returns:
        The codebook, what to say about it, and what to add where codes are found to be unknown.

    Raises:
        CodedDataError: for a variable that a given codebook lacks, or one code alone without a codebook.
    """
    found = code_counts(texts)
    if codebook is not None:
        strange = [variable for variable in found if variable not in codebook.names]
        if strange:
            known = ", ".join(codebook.names)
            raise CodedDataError(say("coded.not_in_codebook", variable=strange[0], known=known))
        return codebook.only(found), [], ""
    book = fitting_codebook(found)
    if book is not None:
        about = {"name": book.name, "version": book.version}
        return book.only(found), [say("coded.shipped_codebook", **about)], say("coded.shipped_guessed", **about)
    return _derived(found, name), [say("coded.derived_codebook", variables=", ".join(found))], ""


def _derived(found: Mapping[str, Mapping[str, int]], name: str) -> Codebook:
    """A nominal codebook of the codes found, sorted."""
    single = next((variable for variable, codes in found.items() if len(codes) < 2), None)
    if single is not None:
        raise CodedDataError(say("coded.one_code", variable=single, code=next(iter(found[single]))))
    variables = [{"name": variable, "codes": sorted(codes)} for variable, codes in found.items()]
    return parse_codebook({"name": name, "version": "1", "variables": variables}, name)
