"""What each stage of `tiny` is worth: several seeds, paired intervals, controls. Writes docs/gains.md.

    make gains
    python -m benchmarks.gains --seeds 11 12 13 --split dev      while tuning

Controls: likelihood on the chosen answers of the same pairs instead of WPO; more SFT, at GRPO's CPU cost, instead of
GRPO.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from towerplus import pipeline, recipe
from towerplus.cli import show
from towerplus.evaluate.figures import FORMS, PASS, Figure, Items, Sample
from towerplus.evaluate.statistics import Comparison, Estimate, pooled

RUNS = Path("runs/gains")
PAGE = Path(__file__).parents[1] / "docs" / "gains.md"
RESAMPLES = 5000


@dataclass(frozen=True, slots=True)
class Claim:
    """`after` differs from `before` in one figure of one benchmark; the lower bound must lie above `above`."""

    after: str
    before: str
    benchmark: str
    figure: Figure
    unit: float
    above: float | None = 0.0
    form: str = "best"
    says: str = ""


def share(name: str) -> Figure:
    return Figure(name, name, share=True)


CHRF = Figure("chrF", "chrf", corpus=True)
SAME_REGISTER = Figure("same_register_chrf", "same_register_chrf")
CLAIMS = [
    Claim("cpt", "base", "translation", CHRF, 1, says="CPT raises translation (chrF)"),
    Claim("cpt", "base", "translation", PASS, 100, says="CPT raises translation (accepted, %)"),
    Claim("sft", "cpt", "translation", CHRF, 1, form="chat", says="SFT raises translation in chat form (chrF)"),
    Claim("sft", "cpt", "instructed", PASS, 100, says="SFT raises adherence in translation with instructions (%)"),
    Claim("sft", "cpt", "constraint", PASS, 100, says="SFT raises instruction following (constraints, %)"),
    Claim("sft", "cpt", "general", PASS, 100, says="SFT raises general tasks (%)"),
    Claim("wpo", "sft", "register", share("formal"), 100, says="WPO raises the preferred register (classifier, %)"),
    Claim("wpo", "sft", "register", share("accepted_formal"), 100, says="WPO raises correct formal answers (%)"),
    Claim("grpo", "wpo", "trained", PASS, 100, says="GRPO raises the kinds it trains (%)"),
]
KEEPS = [
    Claim("wpo", "sft", "register", SAME_REGISTER, 1, -1.0, says="WPO keeps same-register chrF"),
    Claim("wpo", "sft", "translation", CHRF, 1, -1.0, says="WPO keeps translation (chrF)"),
    Claim("wpo", "sft", "everything", PASS, 100, -1.0, says="WPO keeps general tasks (%)"),
    Claim("grpo", "wpo", "register", SAME_REGISTER, 1, -1.0, says="GRPO keeps same-register chrF"),
    Claim("grpo", "wpo", "translation", CHRF, 1, -1.0, says="GRPO keeps translation (chrF)"),
    Claim("grpo", "wpo", "other", PASS, 100, -1.0, says="GRPO keeps the other general tasks (%)"),
    Claim("grpo", "wpo", "register", share("formal"), 100, -1.0, says="GRPO keeps the register (%)"),
]
CONTROLS = [
    Claim("wpo-control", "sft", "register", share("formal"), 100, None, says="NLL on the chosen answers: register (%)"),
    Claim("wpo", "wpo-control", "register", share("formal"), 100, None, says="WPO minus NLL: register (%)"),
    Claim("wpo", "wpo-control", "register", SAME_REGISTER, 1, None, says="WPO minus NLL: same-register chrF"),
    Claim("wpo", "wpo-control", "everything", PASS, 100, None, says="WPO minus NLL: general tasks (%)"),
    Claim("grpo-control", "wpo", "trained", PASS, 100, None, says="more SFT: the kinds GRPO trains (%)"),
    Claim("grpo", "grpo-control", "trained", PASS, 100, None, says="GRPO minus more SFT: those kinds (%)"),
    Claim("grpo", "grpo-control", "register", share("formal"), 100, None, says="GRPO minus more SFT: register (%)"),
    Claim("grpo", "grpo-control", "translation", CHRF, 1, None, says="GRPO minus more SFT: translation (chrF)"),
]
GENERAL = ("general", "constraint", "judgement")


def with_controls(overrides: Sequence[str], seed: int, split: str, control_tokens: int) -> recipe.Recipe:
    """The tiny recipe and, branching off it, its controls."""
    tree = recipe.load("tiny", list(overrides), seed).resolved
    wpo, sft = tree["stages"]["wpo"], tree["stages"]["sft"]
    tree["stages"]["wpo-control"] = wpo | {"objective": "nll"}
    tree["stages"]["grpo-control"] = sft | {"after": "wpo", "tokens": control_tokens}
    tree["evaluate"]["split"] = split
    if split == "dev":  # as many items as in test: what is tuned is seen as sharply
        tree["corpora"]["toy"]["dev"] = tree["corpora"]["toy"]["test"]
    tree["expect"] = []
    return recipe.parse(tree)


class Run:
    """The judged answers of one seed."""

    def __init__(self, folder: Path):
        self.items = Items(folder / "items.parquet")
        manifests = {path.parent.name: json.loads(path.read_text()) for path in sorted(folder.glob("*/manifest.json"))}
        self.trained = set(manifests["grpo"]["counts"]["kinds"])
        self.seconds = {name: manifest["cpu_seconds"] for name, manifest in manifests.items()}

    def rows(self, benchmark: str) -> np.ndarray:
        """Rows of a benchmark; trained: the kinds GRPO trains; other: general kinds it does not; everything: both."""
        trained = np.isin(self.items["kind"], sorted(self.trained))
        general = np.isin(self.items["benchmark"], GENERAL)
        chosen = {"trained": trained, "other": general & ~trained, "everything": general}
        return np.flatnonzero(chosen.get(benchmark, self.items["benchmark"] == benchmark))

    def comparison(self, claim: Claim) -> Comparison:
        """Statistics of both stages on the same items, each in its better form unless the claim names one."""
        samples = self.items.samples(claim.figure, self.rows(claim.benchmark))

        def best(stage: str) -> Sample:
            forms = FORMS if claim.form == "best" else (claim.form,)
            found = [samples[stage, form] for form in forms if (stage, form) in samples]
            return max(found, key=lambda sample: float(claim.figure.score(sample.statistics.sum(axis=0))))

        before, after = best(claim.before), best(claim.after)
        assert np.array_equal(before.items, after.items), "the stages were asked different items"
        return Comparison(before.statistics, after.statistics, list(after.clusters))

    def delta(self, claim: Claim) -> float:
        """The difference in this run."""
        found = self.comparison(claim)
        return float(claim.figure.score(found.after.sum(axis=0)) - claim.figure.score(found.before.sum(axis=0)))


def measure(claim: Claim, runs: Sequence[Run]) -> tuple[list[float], Estimate]:
    """The delta of each seed and the pooled one."""
    estimate = pooled([run.comparison(claim) for run in runs], claim.figure.score, resamples=RESAMPLES, seed=0)
    return [run.delta(claim) for run in runs], estimate


def holds(claim: Claim, deltas: list[float], estimate: Estimate) -> bool | None:
    """Gains: each seed and the interval above zero. Keeps: the lower bound above -1 point. Controls: no verdict."""
    if claim.above is None:
        return None
    every = all(delta > 0 for delta in deltas) if claim.above == 0 else True
    return every and estimate.low * claim.unit > claim.above


def table(claims: Sequence[Claim], runs: Sequence[Run], seeds: Sequence[int]) -> tuple[list[str], bool]:
    """Markdown rows, and whether every claim holds."""
    lines = ["| claim | " + " | ".join(f"seed {seed}" for seed in seeds) + " | pooled [95%] | holds |"]
    lines.append("|---|" + "---:|" * (len(seeds) + 1) + "---|")
    good = True
    for claim in claims:
        deltas, pool = measure(claim, runs)
        verdict = holds(claim, deltas, pool)
        good = good and verdict is not False
        cells = " | ".join(f"{delta * claim.unit:+.1f}" for delta in deltas)
        interval = f"{pool.value * claim.unit:+.1f} [{pool.low * claim.unit:+.1f}, {pool.high * claim.unit:+.1f}]"
        lines.append(f"| {claim.says} | {cells} | {interval} | { {True: 'yes', False: '**no**', None: ''}[verdict] } |")
    return lines, good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--split", choices=["dev", "test"], default="test")
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="KEY=VALUE")
    parser.add_argument("--control-tokens", type=int, default=1_000_000, help="of the SFT instead of GRPO")
    parser.add_argument("--out", type=Path, default=RUNS)
    parser.add_argument("--page", type=Path, help="default: docs/gains.md for the default seeds on test, else nothing")
    options = parser.parse_args()
    runs = []
    for seed in options.seeds:
        loaded = with_controls(options.overrides, seed, options.split, options.control_tokens)
        folder = options.out / f"{options.split}-{seed}"
        pipeline.run(loaded, folder, listen=show.listener(folder))
        show.conclusion(loaded, folder)
        runs.append(Run(folder))
    page = ["# What each stage is worth", ""]
    asked = len(np.unique(runs[0].items["item"]))
    page += [
        f"`make gains` runs the tiny recipe and its controls (seeds {', '.join(map(str, options.seeds))}) and asks",
        f"every model the {asked:,} items of the {options.split} split, in plain and in chat form; the better form of",
        "each stage counts. The tables have differences between a stage and the one before it, in points. Intervals:",
        f"paired bootstrap over items (clustered by source) within each seed, {RESAMPLES:,} resamples, averaged over",
        "the seeds. They tell of new items for these models, not of new training runs; the columns of the seeds show",
        "those.",
        "",
    ]
    good = True
    for title, claims in (("Gains", CLAIMS), ("What a stage must not break", KEEPS), ("Controls", CONTROLS)):
        lines, fine = table(claims, runs, options.seeds)
        good = good and fine
        page += [f"## {title}", "", *lines, ""]
    page += [f"GRPO trains {', '.join(sorted(runs[0].trained))}.", "", "CPU seconds of each stage:", ""]
    names = list(runs[0].seconds)
    page += ["| seed | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    page += [
        f"| {seed} | " + " | ".join(f"{run.seconds.get(name, 0):.0f}" for name in names) + " |"
        for seed, run in zip(options.seeds, runs, strict=True)
    ]
    text = "\n".join(page) + "\n"
    print(text)
    target = options.page or (PAGE if (options.seeds, options.split) == ([1, 2, 3], "test") else None)
    if target:
        target.write_text(text + NOTES, encoding="utf-8")
    sys.exit(0 if good else 1)


NOTES = """
## Reading it

The demonstration shows that each stage does what it is for at this size. It does not show that a stage is the best use
of the time: the controls stand beside it for that.

- *Formal address* is a preference which SFT leaves open: its data mix both registers. "WPO raises the register" means
  that it was learned from pairs. Likelihood on the chosen answers of the same pairs learns it as well here, so the
  claim is "preference learned" and not "WPO is needed".
- *WPO's cost*: in some seeds translations that are told to address informally obey less often afterwards
  (`instructed/register` in the reports), although pairs with such instructions are among its data.
- *More SFT* at GRPO's CPU cost still improves a model whose SFT was short, and takes back the register that WPO taught,
  since its data are mixed. GRPO raises what it is rewarded for and keeps the rest.
- *GRPO is kept from drifting*: a third of its prompts are translation and a third are all other kinds, with a KL
  penalty. On dev, with smaller shares and without the penalty, the other kinds fell by about a point.

Settings were chosen on the dev split of seeds 11 to 13. An earlier choice of GRPO's settings had been run on the test
split of seed 1 as well, and did not hold there; what replaced it was chosen on dev.
"""

if __name__ == "__main__":
    main()
