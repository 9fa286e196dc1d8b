"""Scoring speed as ratios within one run: against one pass over the same bytes, and against pymcdm.

python -m benchmarks.scoring
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np

from srm_portal.evaluation.domain.consensus import group_scores
from srm_portal.evaluation.domain.methods import (
    Additive,
    Preference,
    closeness,
    compromise,
    outranking,
    single_flows,
    stretched,
)
from srm_portal.evaluation.domain.smaa import acceptability

OFFERS, CRITERIA, EVALUATORS = 10_000, 50, 20
SAMPLES, SUPPLIERS, WEIGHTS = 100_000, 50, 20
THEIR_SAMPLES = 2_000


def seconds(work: Callable[[], object], rounds: int = 7) -> float:
    """Least time of a few rounds: what the work costs when nothing else runs."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def cube_against_one_pass() -> dict[str, float]:
    """The group score of every offer, and a dot product that reads the same 80 MB once."""
    generator = np.random.default_rng(1)
    cube = generator.random((EVALUATORS, OFFERS, CRITERIA))
    weights = generator.dirichlet(np.ones(CRITERIA))
    voices = generator.random(EVALUATORS)
    flat = cube.ravel()
    once = seconds(lambda: flat @ flat)
    ours = seconds(lambda: group_scores(cube, weights, voices))
    return {"one_pass_ms": once * 1e3, "cube_ms": ours * 1e3, "cube_over_one_pass": ours / once}


def weighted_sum_against_pymcdm() -> dict[str, float]:
    """Twenty weightings of one matrix with best-to-worst values."""
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    generator = np.random.default_rng(2)
    matrix = generator.random((OFFERS, CRITERIA)) * 100
    weights = generator.dirichlet(np.ones(CRITERIA), EVALUATORS)
    types = np.ones(CRITERIA)
    body = WSM(minmax_normalization)

    def ours() -> object:
        return stretched(matrix, ["max"] * CRITERIA).scores(weights)

    def theirs() -> object:
        return [body(matrix, row, types, validation=False) for row in weights]

    assert np.allclose(ours(), theirs())  # type: ignore[arg-type]
    mine, other = seconds(ours), seconds(theirs, 3)
    return {"weighted_sum_ms": mine * 1e3, "pymcdm_ms": other * 1e3, "weighted_sum_times_faster": other / mine}


def smaa_against_pymcdm() -> dict[str, float]:
    """Rank acceptabilities of 100,000 weightings; theirs draw by draw on values made before."""
    from pymcdm.methods import WSM

    values = np.random.default_rng(3).random((SUPPLIERS, WEIGHTS))
    draws = np.random.default_rng(4).dirichlet(np.ones(WEIGHTS), THEIR_SAMPLES)
    types = np.ones(WEIGHTS)
    body = WSM(lambda column, cost=False: column)

    def theirs() -> object:
        counts = np.zeros((SUPPLIERS, SUPPLIERS))
        suppliers = np.arange(SUPPLIERS)
        for row in draws:
            order = np.argsort(-body(values, row, types, validation=False))
            counts[order, suppliers] += 1
        return counts

    mine = seconds(lambda: acceptability(Additive(values), WEIGHTS, samples=SAMPLES, seed=1), 5)
    other = seconds(theirs, 2) * SAMPLES / THEIR_SAMPLES
    return {"smaa_ms": mine * 1e3, "pymcdm_loop_ms": other * 1e3, "smaa_times_faster": other / mine}


def promethee_by_sorting() -> dict[str, float]:
    """One criterion of 1,000 offers, usual shape: sorting against comparing all pairs."""
    column = np.random.default_rng(5).random(1_000)
    pairs = seconds(lambda: single_flows(column, "max", Preference("u_shape", q=0.0)))
    sorting = seconds(lambda: single_flows(column, "max", Preference()))
    return {"promethee_pairs_ms": pairs * 1e3, "promethee_sort_ms": sorting * 1e3, "sort_over_pairs": sorting / pairs}


def second_opinions_against_pymcdm() -> dict[str, float]:
    """One ranking of 200 offers by the method of each second opinion, from the matrix to the scores."""
    from pymcdm import methods
    from pymcdm.normalizations import vector_normalization

    matrix = np.random.default_rng(6).random((200, WEIGHTS)) * 100
    weights = np.random.default_rng(7).dirichlet(np.ones(WEIGHTS))
    types, directions = np.ones(WEIGHTS), ["max"] * WEIGHTS
    usual = [Preference()] * WEIGHTS

    def flows() -> object:
        leaving, entering = outranking(matrix, directions, usual)
        return (leaving - entering) @ weights

    ours: dict[str, Callable[[], object]] = {
        "topsis": lambda: closeness(matrix, directions).scores(weights[None, :])[0],
        "vikor": lambda: compromise(matrix, directions).parts(weights[None, :])[2][0],
        "promethee_ii": flows,
    }
    theirs = {
        "topsis": methods.TOPSIS(vector_normalization),
        "vikor": methods.VIKOR(),
        "promethee_ii": methods.PROMETHEE_II("usual"),
    }
    figures = {}
    for name, mine in ours.items():
        body = theirs[name]
        other: Callable[[], object] = partial(body, matrix, weights, types, validation=False)
        assert np.allclose(mine(), other())  # type: ignore[arg-type]
        figures[f"{name}_times_faster"] = seconds(other) / seconds(mine)
    return figures


def slider_in_browser() -> dict[str, float]:
    """From moving a slider to the new ranking drawn: 50 offers, 20 criteria, the page's own element in Chromium.

    The median of 20 moves, each measured until the frame after it was painted, and what the script itself took.
    """
    from tests.web.browser import launched

    chance = np.random.default_rng(8)
    data = {
        "criteria": [f"c{at}" for at in range(WEIGHTS)],
        "weights": [100 / WEIGHTS] * WEIGHTS,
        "offers": [f"Offer {at}" for at in range(SUPPLIERS)],
        "scores": (chance.random((WEIGHTS, SUPPLIERS)) * 100).round(2).tolist(),
        "eligible": [True] * SUPPLIERS,
    }
    with launched() as browser, _served(data) as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('#ranking li').length === 50")
        drawn, scripted = np.median(page.evaluate(_MOVES), axis=0)
        return {"slider_ms": float(drawn), "slider_script_ms": float(scripted)}


_MOVES = """async () => {
  const taken = [];
  const sliders = [...document.querySelectorAll('input[data-weight]')];
  for (const slider of sliders) {
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    slider.value = 60;
    const began = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    document.getElementById('ranking').getBoundingClientRect();
    const scripted = performance.now() - began;
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
    taken.push([performance.now() - began, scripted]);
  }
  return taken;
}"""


@contextmanager
def _served(data: dict[str, object]) -> Iterator[str]:
    """The static files and one page with the sliders, on a port of its own."""
    root = Path(__file__).parent.parent
    sliders = "".join(
        f'<label><input type="range" min="0" max="100" data-weight="{at}"></label>' for at in range(WEIGHTS)
    )
    page = (
        '<!doctype html><html lang="en"><head><title>Sliders</title>'
        '<link rel="stylesheet" href="/static/css/srm.css"><link rel="stylesheet" href="/static/css/analysis.css">'
        f'</head><body><weight-sliders data-source="data" data-ranking="ranking">{sliders}</weight-sliders>'
        '<ol class="ranking" id="ranking"></ol>'
        f'<script type="application/json" id="data">{json.dumps(data)}</script>'
        '<script type="module" src="/static/js/controllers/weight-sliders.js"></script></body></html>'
    ).encode()

    class Files(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)
            return None

        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(root)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


TARGETS = {
    "topsis_times_faster": ("at least", 1.0),
    "vikor_times_faster": ("at least", 1.0),
    "promethee_ii_times_faster": ("at least", 1.0),
    "slider_ms": ("at most", 50.0),
    "cube_over_one_pass": ("at most", 2.5),
    "weighted_sum_times_faster": ("at least", 20.0),
    "smaa_times_faster": ("at least", 30.0),
    "sort_over_pairs": ("at most", 0.2),
}


def run() -> dict[str, object]:
    """All figures, and for each ratio whether it reaches its target."""
    figures: dict[str, float] = {}
    parts = (
        cube_against_one_pass,
        weighted_sum_against_pymcdm,
        second_opinions_against_pymcdm,
        smaa_against_pymcdm,
        promethee_by_sorting,
        slider_in_browser,
    )
    for part in parts:
        figures |= part()
    reached = {
        name: figures[name] <= limit if kind == "at most" else figures[name] >= limit
        for name, (kind, limit) in TARGETS.items()
    }
    return {
        "figures": {name: round(value, 3) for name, value in figures.items()},
        "targets": {name: f"{kind} {limit:g}" for name, (kind, limit) in TARGETS.items()},
        "reached": reached,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
