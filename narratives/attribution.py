"""The words that carried a code: what its probability loses when a word is left out.

Occlusion asks the model itself (Zeiler & Fergus 2014, section 2; for text Li et al. 2016, "Understanding
neural networks through representation erasure"): no surrogate, no gradients, whatever the encoder. Every
variable comes from the same forward passes. That the words are the right ones is checked by deletion
(:func:`deletion_check`; "comprehensiveness", DeYoung et al. 2020, section 4).

    python -m narratives.attribution MODEL -o docs/evidence.md

measures the check on persons that the model was not fitted on, never on test persons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from narratives.errors import ModelError
from narratives.messages import say

if TYPE_CHECKING:
    import numpy as np

    from narratives.classify import Classifier
    from narratives.coded.records import CodedData

__all__ = ["DeletionCheck", "Explanation", "Word", "deletion_check", "explain", "explain_many", "without", "words_of"]

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_LEAST = 1e-6
_AT_ONCE = 4000

HOW_TO = """\
## See the evidence of a study

    narratives evidence study            # then: narratives report study

writes two tables into the study, and the report marks the words from then on:

- `evidence.csv`, a row per narrative, variable and carrying word (five at most, the strongest first): `word`, its place
  (`start`, `end` in `sources/<transcript>.txt`), `fall` (what the code's probability, 0-1, loses when the word alone is
  left out; at least 0.01), `weight` (the same in log-odds), and the model's revision. A code that no single word
  carries has one row with rank 0 and no word.
- `cues.csv`, a row per narrative and cue: subjects and objects (jeg, de, man, det ...), active and passive, modals,
  negation, tense, each with `count`, `words` and `places`. Cues are explanation, never the measure.

`--variables` names others than the ranked ones, `--narratives` single narratives, `--model` the folder of a model of
your own. The work can be interrupted and goes on where it stopped; another model starts anew. In a notebook:
`study.evidence("p14-1:0a1b2c3d4e")`.

With `agency-da` a narrative of 45 words takes 0.6 s of one core (`OMP_NUM_THREADS=1`), so a thousand
take some ten minutes on one core; more variables cost nothing more if asked for together. Cues take 0.01 s.

Words are left out one by one. Where several mean the same, they cover for each other, and none seems to carry much.
"""
"""Stands below the figures in ``docs/evidence.md``."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and what it did.

    Attributes:
        start, end: ``text[start:end]`` is the word.
        weight: log-odds of the code with the word, less those without it: above 0 it spoke for the code.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Explanation:
    """The words of a text and what each did for one code.

    Attributes:
        variable, code: what is explained.
        probability: of the code given the whole text, in [0, 1].
        words: in the order of the text.
    """

    text: str
    variable: str
    code: str
    probability: float
    words: tuple[Word, ...]

    def top(self, count: int) -> tuple[Word, ...]:
        """The words that spoke most for the code, the strongest first; none that spoke against it."""
        ordered = sorted(self.words, key=lambda word: -word.weight)
        return tuple(word for word in ordered[:count] if word.weight > 0)

    def fall(self, word: Word) -> float:
        """What the code's probability loses when the word is left out, in [-1, 1]; above 0 where it spoke for it."""
        share = min(max(self.probability, _LEAST), 1 - _LEAST)
        odds = math.log(share / (1 - share)) - word.weight
        return share - 1 / (1 + math.exp(-odds))


@dataclass(frozen=True, slots=True)
class DeletionCheck:
    """How far the probability of the chosen code falls when words are removed, mean over texts.

    Attributes:
        variable: of the codebook.
        words: how many words were removed of each text.
        top, random: mean fall in probability when the top words, and as many random ones, are removed.
        ahead: ``top - random``.
        low, high: 95 % interval of ``ahead``, texts (or persons) drawn again.
        n: texts with more words than are removed.
    """

    variable: str
    words: int
    top: float
    random: float
    ahead: float
    low: float
    high: float
    n: int

    @property
    def passed(self) -> bool:
        """Whether the top words move the probability more than random ones, the whole interval above 0."""
        return self.low > 0


def words_of(text: str) -> list[tuple[int, int]]:
    """Start and end of every word, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with some spans left out, and the blanks beside them closed."""
    kept, place = [], 0
    for start, end in sorted(spans):
        kept.append(text[place:start])
        place = end
    return re.sub(r"[ \t]{2,}", " ", "".join([*kept, text[place:]])).strip() or " "


def explain(classifier: Classifier, text: str, variable: str, code: str | None = None) -> Explanation:
    """The words that carried the code of a text, or that spoke for another code.

    Args:
        variable: one that the model codes.
        code: the code to explain; the most probable one if not given.

    Raises:
        ModelError: if the model does not code the variable.
        CodebookError: if the variable has no such code.
    """
    return explain_many(classifier, [text], [variable], {variable: code} if code else None)[0][variable]


def explain_many(
    classifier: Classifier,
    texts: Sequence[str],
    variables: Sequence[str] = (),
    codes: Mapping[str, str] | None = None,
    *,
    batch_size: int = 64,
) -> list[dict[str, Explanation]]:
    """Explanations of many texts: one forward pass per word, all variables from the same passes.

    Args:
        variables: those to explain; none means all.
        codes: variable to the code to explain; the most probable one where not given.
        batch_size: windows computed at once.

    Returns:
        per text, in order, variable to explanation. A text without words has an explanation without any.

    Raises:
        ModelError: if the model does not code a variable.
        CodebookError: if a variable has no such code.
    """
    names = tuple(variables) or classifier.codebook.names
    _check(classifier, names, codes or {})
    results: list[dict[str, Explanation]] = []
    chunk: list[str] = []
    size = 0
    for text in texts:
        count = len(words_of(text)) + 1
        if chunk and size + count > _AT_ONCE:
            results += _explained(classifier, chunk, names, codes or {}, batch_size)
            chunk, size = [], 0
        chunk.append(text)
        size += count
    return results + _explained(classifier, chunk, names, codes or {}, batch_size)


def _check(classifier: Classifier, names: Sequence[str], codes: Mapping[str, str]) -> None:
    for name in names:
        if name not in classifier.codebook.names:
            known = ", ".join(classifier.codebook.names)
            raise ModelError(say("attribution.no_variable", variable=name, known=known))
        if name in codes:
            classifier.codebook[name].code(codes[name])


def _explained(
    classifier: Classifier, texts: Sequence[str], names: Sequence[str], codes: Mapping[str, str], batch_size: int
) -> list[dict[str, Explanation]]:
    """Explanations of texts whose variants are all predicted together."""
    spans = [words_of(text) for text in texts]
    variants = [v for text, own in zip(texts, spans, strict=True) for v in (text, *(without(text, [s]) for s in own))]
    shares = classifier.predict(variants, batch_size=batch_size).probabilities if variants else {}
    results, first = [], 0
    for text, own in zip(texts, spans, strict=True):
        rows = slice(first, first + len(own) + 1)
        results.append({name: _one(classifier, text, own, name, codes.get(name), shares[name][rows]) for name in names})
        first += len(own) + 1
    return results


def _one(
    classifier: Classifier, text: str, spans: Sequence[tuple[int, int]], name: str, code: str | None, rows: np.ndarray
) -> Explanation:
    """The explanation of one variable; ``rows`` are the probabilities of the text, then without each word."""
    import numpy as np

    labels = classifier.labels[name]
    place = int(rows[0].argmax()) if code is None else labels.index(code)
    shares = np.clip(rows[:, place], _LEAST, 1 - _LEAST)
    odds = np.log(shares / (1 - shares))
    words = tuple(Word(*span, float(odds[0] - left)) for span, left in zip(spans, odds[1:], strict=True))
    return Explanation(text, name, labels[place], float(rows[0, place]), words)


def deletion_check(
    classifier: Classifier,
    texts: Sequence[str],
    variable: str,
    *,
    words: int = 3,
    draws: int = 5,
    persons: Sequence[str] = (),
    seed: int = 0,
    explanations: Sequence[Explanation] = (),
) -> DeletionCheck:
    """Whether removing the words that carried the code moves its probability more than removing random ones.

    Args:
        texts: those with more words than ``words`` are used.
        words: how many are removed of each text at once.
        draws: random sets of words per text, whose mean is taken.
        persons: who said each text; the interval then draws persons again, otherwise texts.
        explanations: of the texts, in order, where they are there already.

    Raises:
        ModelError: if the model does not code the variable.
    """
    from narratives.evaluation.intervals import bounds, draw_persons_again

    chosen = [place for place, text in enumerate(texts) if len(words_of(text)) > words]
    every = explanations or [each[variable] for each in explain_many(classifier, texts, [variable])]
    explained = [every[place] for place in chosen]
    if not explained:
        return DeletionCheck(variable, words, *(float("nan"),) * 5, 0)
    top, random = _falls(classifier, explained, words, draws, seed)
    owners = [persons[place] for place in chosen] if persons else [str(place) for place in chosen]
    resampling = draw_persons_again(owners, seed=seed)
    weights = resampling.of_texts()
    low, high = bounds((weights @ (top - random)) / weights.sum(1))
    means = float(top.mean()), float(random.mean())
    return DeletionCheck(variable, words, *means, means[0] - means[1], low, high, len(explained))


def _falls(
    classifier: Classifier, explained: Sequence[Explanation], words: int, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Fall in probability of each text's code without its top words, and without random ones; shape (texts,)."""
    import numpy as np

    chance = np.random.default_rng(seed)
    variants: list[str] = []
    for each in explained:
        spans = [(word.start, word.end) for word in each.words]
        strongest = sorted(each.words, key=lambda word: -word.weight)[:words]
        variants.append(without(each.text, [(word.start, word.end) for word in strongest]))
        for _ in range(draws):
            variants.append(without(each.text, [spans[i] for i in chance.choice(len(spans), words, replace=False)]))
    name = explained[0].variable
    places = np.array([classifier.labels[name].index(each.code) for each in explained])
    shares = classifier.predict(variants, batch_size=64).probabilities[name].reshape(len(explained), draws + 1, -1)
    left = np.take_along_axis(shares, places[:, None, None], axis=2)[..., 0]
    falls = np.array([each.probability for each in explained])[:, None] - left
    return falls[:, 0], falls[:, 1:].mean(1)


def _development(classifier: Classifier, parts: Sequence[str], count: int, seed: int) -> CodedData:
    """Texts of persons that the model was not fitted on, some of them drawn; no test persons."""
    import random
    from dataclasses import replace

    from narratives.coded.corpus import read_corpus
    from narratives.evaluation.evaluating import choose_split
    from narratives.evaluation.parts import part_names

    held = choose_split(read_corpus(), "dev", classifier).measured
    names = part_names(held)
    wanted = [text for text, name in zip(held.texts, names, strict=True) if not parts or name in parts]
    chosen = random.Random(seed).sample(wanted, min(count, len(wanted)))
    return replace(held, texts=tuple(chosen))


def _table(checks: Sequence[DeletionCheck], model: str, command: str, part: str) -> str:
    """The figures as Markdown."""
    lines = [
        "# Evidence: do the words that are shown carry the code?",
        "",
        f"Model `{model}`, {part} of persons that its training held out, no test persons. Of every text the words",
        "whose single omission costs the chosen code most (`narratives.attribution.explain`) are removed together,",
        "and as many random words in five draws. The figures are mean falls in the code's probability; intervals",
        "(95 %) draw persons again. A faithful explanation has an interval wholly above 0.",
        "",
        "| variable | words removed | texts | top words | random words | difference | 95 % interval |",
        "|---|---|---|---|---|---|---|",
    ]
    for c in checks:
        figures = f"{c.top:.3f} | {c.random:.3f} | {c.ahead:.3f} | {c.low:.3f} to {c.high:.3f}"
        lines.append(f"| {c.variable} | {c.words} | {c.n} | {figures} |")
    return "\n".join([*lines, "", f"Made by `{command}`.", "", HOW_TO])


def main(argv: Sequence[str] | None = None) -> int:
    """Check the explanations of a model and write the figures."""
    import argparse
    import shlex
    import sys

    from narratives.classify import load_classifier
    from narratives.files import write_atomically

    parser = argparse.ArgumentParser(prog="python -m narratives.attribution", description=__doc__)
    parser.add_argument("model")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--words", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--parts", nargs="*", default=["natural"], help="of the corpus; none means all")
    arguments = parser.parse_args(argv)
    classifier = load_classifier(arguments.model)
    data = _development(classifier, arguments.parts, arguments.texts, 0)
    texts, persons = [text.text for text in data.texts], [text.person for text in data.texts]
    ranked = [variable.name for variable in classifier.codebook.variables if variable.ranked]
    names = ranked or list(classifier.codebook.names)
    explained = explain_many(classifier, texts, names)
    checks = []
    for name in names:
        own = [each[name] for each in explained]
        for words in arguments.words:
            checks.append(deletion_check(classifier, texts, name, words=words, persons=persons, explanations=own))
            print(checks[-1], flush=True)
    command = shlex.join(["python", "-m", "narratives.attribution", *(sys.argv[1:] if argv is None else argv)])
    part = f"{len(texts)} texts ({', '.join(arguments.parts) or 'all parts'})"
    if arguments.output:
        write_atomically(arguments.output, _table(checks, classifier.name, command, part))
    return 0 if all(check.passed for check in checks) else 1


if __name__ == "__main__":
    raise SystemExit(main())
