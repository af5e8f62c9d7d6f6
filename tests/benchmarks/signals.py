"""How often signals find what is planted, and how often they name what is only chance.

    python tests/benchmarks/signals.py

All on seeds that no threshold was chosen on. Prints, for counts that scatter as a negative binomial with variance
mean + d mean², seasons of their own included: false alarms a year over 200 quiet cells, rises found, an overall rise,
slow rises; then how often the interval of an effect holds, the level and power of the correlation, quadrants of a
company where all is well, and what likeness in words is worth.
"""

# ruff: noqa: T201 - a program prints

import csv
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from bot.retrieval.embedding import Embedder
from bot.signals.csls import likeness
from bot.signals.drift import THRESHOLD, added_up
from bot.signals.effects import Course, effect
from bot.signals.lags import correlation
from bot.signals.quadrants import Quadrant, Touchpoint, quadrants
from bot.signals.recalibration import EDGES
from bot.signals.spikes import looked_at

sys.path.pop(0)  # this folder, where a module has the name of a package of the tests
sys.path.insert(0, str(Path(__file__).parent.parent))
from programs import MODEL_CACHE, PROJECT
from signals.counted import COMPANIES, REPORTED, TUNING, WEEKS, dispersions, quiet_means, scattered

LEVELS = (0.0, 0.05, 0.1, 0.2, 0.4, "mixed")
FIRST = WEEKS - 52
MANY = range(REPORTED.start, REPORTED.start + 300)
QUESTIONS = PROJECT.parent / "shared" / "data" / "banking77_test.csv"


def main() -> None:
    print(f"seeds {REPORTED.start} to {MANY.stop - 1}; thresholds were chosen on {TUNING.start} to {TUNING.stop - 1}")
    _false_alarms()
    _rises()
    _overall()
    _slow_rises()
    _effects()
    _correlations()
    _quadrants()
    _words()


def _false_alarms() -> None:
    print("\nfalse alarms a year over 200 quiet cells, mean (most) of 20 years")
    print("  d        theme spikes   slow rises     both           overall rises")
    for level in LEVELS:
        years = [_year(seed, level) for seed in REPORTED]
        spikes, slow, overall = (np.array(each) for each in zip(*years, strict=True))
        columns = (spikes, slow, spikes + slow, overall)
        print(f"  {level!s:8}" + "".join(f" {one.mean():5.2f} ({one.max():2})    " for one in columns))


def _year(seed, level):
    dice = np.random.default_rng(seed)
    counts = scattered(dice, quiet_means(dice), dispersions(dice, level))
    people = np.minimum(counts, 6)
    told = []
    for until in range(FIRST, WEEKS):
        now = looked_at(counts[:, : until + 1], people[:, : until + 1])
        sums = added_up(counts[:, : until + 1])
        slow = np.minimum(sums.evidence, sums.share_evidence) > THRESHOLD
        told.append((now.by_share, slow, now.by_count & ~now.by_share))
    return [_begun(np.array(each)) for each in zip(*told, strict=True)]


def _begun(weeks):
    """What goes on counts once."""
    return int(weeks[0].sum() + (weeks[1:] & ~weeks[:-1]).sum())


def _rises() -> None:
    print("\na cell that rises to five times, found within two weeks, of 20 (of 300)")
    for usual in (8, 16):
        found = {level: [_rise(seed, level, usual) for seed in MANY] for level in LEVELS[:-1]}
        print(f"  {usual} a week: " + "  ".join(f"d={d}: {sum(all_[:20])} ({sum(all_)})" for d, all_ in found.items()))


def _rise(seed, level, usual) -> bool:
    dice = np.random.default_rng(seed)
    mean = quiet_means(dice)
    begins = int(dice.integers(FIRST, WEEKS - 3))
    mean[0] = usual
    mean[0, begins:] *= 5
    counts = scattered(dice, mean, dispersions(dice, level))
    weeks = (begins + 1, begins + 2)
    return any(looked_at(counts[:, :until], np.minimum(counts, 6)[:, :until]).by_share[0] for until in weeks)


def _overall() -> None:
    print("\neverything triples in one week: cells of 200 told, mean of 20")
    for level in LEVELS[:-1]:
        told = Counter()
        for seed in REPORTED:
            dice = np.random.default_rng(seed)
            mean = quiet_means(dice)
            mean[:, -1] *= 3
            counts = scattered(dice, mean, dispersions(dice, level))
            now = looked_at(counts, np.minimum(counts, 6))
            told["theme"] += int(now.by_share.sum())
            told["overall"] += int((now.by_count & ~now.by_share).sum())
        print(f"  d={level}: theme spikes {told['theme'] / 20:.2f}, part of an overall rise {told['overall'] / 20:.1f}")


def _slow_rises() -> None:
    print("\na cell that doubles over 12 weeks and stays, told as a slow rise within 16, of 20")
    for usual in (8, 16, 30):
        found = [sum(_slow(seed, level, usual) for seed in REPORTED) for level in LEVELS[:-1]]
        print(f"  {usual} a week: " + "  ".join(f"d={d}: {n}" for d, n in zip(LEVELS, found, strict=False)))


def _slow(seed, level, usual) -> bool:
    dice = np.random.default_rng(seed)
    mean = quiet_means(dice)
    begins = 90
    mean[0] = usual * (1 + np.clip((np.arange(WEEKS) - begins) / 12, 0, 1))
    counts = scattered(dice, mean, dispersions(dice, level))
    sums = (added_up(counts[:, :until]) for until in range(begins + 1, begins + 17))
    return any(min(each.evidence[0], each.share_evidence[0]) > THRESHOLD for each in sums)


def _effects() -> None:
    print(
        "\neffects, 8 weeks before and after, 20 untouched touchpoints, some astray: the interval of 90 % holds in "
        "(of 300 each)"
    )
    for season, astray in ((0.0, 0), (0.25, 0), (0.0, 3)):
        for usual in (4, 8, 16):
            for true in (1.0, 0.4):
                told = [_effect(seed, level, usual, true, season, astray) for level in LEVELS[:4] for seed in MANY]
                line = []
                for row, level in enumerate(LEVELS[:4]):
                    some = told[row * len(MANY) : (row + 1) * len(MANY)]
                    verdicts = Counter(verdict for _, verdict in some)
                    right = verdicts["fell" if true < 1 else "did not change"] / len(some)
                    wrong = (verdicts["did not change"] if true < 1 else verdicts["fell"]) + verdicts["rose"]
                    held = np.mean([inside for inside, _ in some])
                    line.append(f"d={level}: {held:.3f}, right {right:.2f}, wrong {wrong / len(some):.2f}")
                print(f"  season {season}, {astray} astray, {usual} a week, true ratio {true}: " + "; ".join(line))


def _effect(seed, level, usual, true, season, astray):
    """`astray`: so many of the untouched have eight a week, and then four times as many or a quarter."""
    dice = np.random.default_rng(seed)
    mean = quiet_means(dice, cells=21, weeks=16, season=season)
    mean[0] *= usual / mean[0].mean()
    mean[:, 8:] *= dice.uniform(0.7, 1.5)
    mean[0, 8:] *= true
    mean[1 : 1 + astray] *= 8 / mean[1 : 1 + astray].mean(axis=1, keepdims=True) if astray else 1
    mean[1 : 1 + astray, 8:] *= dice.choice([4, 0.25], size=(astray, 1))
    counts = scattered(dice, mean, dispersions(dice, level, 21))
    courses = [Course(str(row), tuple(map(int, c[:8])), tuple(map(int, c[8:]))) for row, c in enumerate(counts)]
    found = effect(courses[0], courses[1:])
    if found.ratio is None:
        return True, found.verdict.value
    return found.low <= true <= (found.high or np.inf), found.verdict.value


def _correlations() -> None:
    print(
        "\ncorrelation of autocorrelated (.5) series, complaints one week later: told as together, at that lag (of 300)"
    )
    for strength in (0.0, 0.4, 0.7):
        line = []
        for weeks in (26, 52, 104):
            found = [_correlated(seed, weeks, strength) for seed in MANY]
            together = np.mean([one.together for one in found])
            at_lag = np.mean([one.together and one.lag == 1 for one in found])
            line.append(f"{weeks} weeks: {together:.3f}, {at_lag:.3f}")
        print(f"  effect {strength}: " + "; ".join(line))


def _correlated(seed, weeks, strength):
    dice = np.random.default_rng(seed)
    noise = dice.normal(size=(2, weeks + 50))
    series = np.zeros_like(noise)
    for week in range(1, noise.shape[1]):
        series[:, week] = 0.5 * series[:, week - 1] + noise[:, week]
    friction, complaints = series[:, 50:]
    return correlation(friction, complaints + strength * series[0, 49:-1])


def _quadrants() -> None:
    print("\nquadrants of 30 touchpoints where all is well, of 20 companies: not healthy")
    for level in (0.0, 0.05, 0.2):
        placed = []
        for seed in COMPANIES:
            dice = np.random.default_rng(seed)
            contacts = dice.integers(200, 20_000, 30)
            complaints = scattered(dice, contacts * 0.002, level)
            loads = dice.uniform(0, 4, 30)
            placed += quadrants(
                [Touchpoint(str(n), loads[n], 9, int(complaints[n]), int(contacts[n])) for n in range(30)]
            )
        print(f"  d={level}: {sum(one.quadrant is not Quadrant.HEALTHY for one in placed)} of {len(placed)}")


def _words() -> None:
    if not QUESTIONS.exists():
        print("\nlikeness in words: not measured, shared/data/banking77_test.csv is not here")
        return
    rows = list(csv.DictReader(QUESTIONS.open(encoding="utf-8")))
    vectors = Embedder(cache=MODEL_CACHE).encode([row["text"] for row in rows])
    intents = np.array([row["category"] for row in rows])
    names = sorted(set(intents))
    print("\nlikeness: how often a match is right, by band; ten touchpoints, four sentences of an intent each")
    for name, half in (("half that the prior is of", names[::2]), ("the other half", names[1::2])):
        scores, right = _matches(vectors, intents, half)
        bands = np.digitize(scores, EDGES)
        shares = [f"{right[bands == band].mean():.2f}" for band in range(len(EDGES) + 1)]
        kept = scores >= EDGES[2]
        found = right[kept].sum() / right.sum()
        print(
            f"  {name}: " + " ".join(shares) + f"; from {EDGES[2]} on right {right[kept].mean():.2f}, found {found:.2f}"
        )


def _matches(vectors, intents, half):
    dice = np.random.default_rng(1)
    scores, right = [], []
    for _ in range(6):
        on_the_map = dice.permutation(half)[:10]
        symptoms = np.concatenate([dice.permutation(np.flatnonzero(intents == one))[:4] for one in on_the_map])
        rest = np.setdiff1d(np.flatnonzero(np.isin(intents, half)), symptoms)
        ids, found = likeness(vectors[rest], vectors[symptoms], np.repeat(on_the_map, 4).tolist())
        scores.append(found.ravel())
        right.append((intents[rest][:, None] == np.array(ids)[None, :]).ravel())
    return np.concatenate(scores), np.concatenate(right)


if __name__ == "__main__":
    main()
