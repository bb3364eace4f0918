"""Forecasts say how far they may miss, and miss no farther."""

from __future__ import annotations

import numpy as np
import pytest

from citystat.analysis import ets
from citystat.analysis.forecast import courses, errors, forecast, forecast_all, kind_of
from citystat.errors import CityStatError

MONTH = np.arange(132)


def city(count: int, seed: int = 1, season: float = 8.0) -> np.ndarray:
    """Monthly measures as cities have them: a level that wanders, a season, noise."""
    random = np.random.default_rng(seed)
    wander = random.normal(0, 1, (count, 132)).cumsum(axis=1)
    ring = season * np.sin(2 * np.pi * (MONTH + random.integers(0, 12, (count, 1))) / 12)
    return np.asarray(200 + wander + ring + random.normal(0, 3, (count, 132)))


@pytest.mark.parametrize("model", ["auto", "ets:A,N,A", "ets:M,N,M", "seasonal-naive"])
def test_held_back_values_lie_in_the_intervals_as_often_as_promised(model: str) -> None:
    y = city(150)
    found = forecast_all(y[:, :120], 12, model=model, season_length=12)
    for share, low, high in ((0.8, "lower80", "upper80"), (0.95, "lower95", "upper95")):
        inside = [
            (getattr(f, low) <= row) & (row <= getattr(f, high)) for f, row in zip(found, y[:, 120:], strict=True)
        ]
        assert share - 0.06 < np.mean(inside) < share + (0.08 if share < 0.9 else 0.045)


def test_the_chosen_model_misses_less_than_the_benchmark() -> None:
    y = city(60, seed=2)
    missed = {
        model: np.mean([
            (f.mean - row) ** 2
            for f, row in zip(forecast_all(y[:, :120], 12, model=model, season_length=12), y[:, 120:], strict=True)
        ])
        for model in ("auto", "seasonal-naive")
    }  # fmt: skip
    assert missed["auto"] < 0.85 * missed["seasonal-naive"]


def test_why_a_model_was_chosen_is_said() -> None:
    (found,) = forecast_all(city(1), 6, season_length=12)
    assert found.rolling is not None
    assert (found.rolling.benchmark, found.rolling.origins) == ("seasonal-naive", 24)
    assert (found.model == found.rolling.model) == (found.rolling.model_rmse < found.rolling.benchmark_rmse)


def test_many_series_say_what_each_says_alone() -> None:
    y = city(5, seed=3)
    for one, row in zip(forecast_all(y, 4, season_length=12), y, strict=True):
        alone = forecast(row, 4, season_length=12)
        assert (one.model, one.mean.tolist()) == (alone.model, pytest.approx(alone.mean.tolist(), rel=1e-6))


def test_naive_repeats_and_widens() -> None:
    found = forecast([1, 3, 2, 4, 3, 5], 3, model="naive")
    assert found.mean.tolist() == [5, 5, 5]
    assert found.upper95 - found.mean == pytest.approx(1.959964 * found.sigma * np.sqrt([1, 2, 3]), rel=1e-5)


@pytest.mark.parametrize(("name", "arguments"), [
    ("A,N,N", {"error": "add"}),
    ("A,A,N", {"error": "add", "trend": "add"}),
    ("A,Ad,N", {"error": "add", "trend": "add", "damped_trend": True}),
    ("M,A,N", {"error": "mul", "trend": "add"}),
    ("A,N,A", {"error": "add", "seasonal": "add", "seasonal_periods": 4}),
    ("M,N,M", {"error": "mul", "seasonal": "mul", "seasonal_periods": 4}),
])  # fmt: skip
def test_no_worse_a_fit_than_statsmodels(name: str, arguments: dict[str, object]) -> None:
    """Least sums of squares, relative ones for multiplicative errors weighed as the likelihood weighs them."""
    module = pytest.importorskip("statsmodels.tsa.exponential_smoothing.ets", reason="statsmodels is not installed")
    random = np.random.default_rng(9)
    y = 50 + random.normal(0.3, 1, 48).cumsum() + 4 * np.sin(np.arange(48) * np.pi / 2) + random.normal(0, 1, 48)
    known = module.ETSModel(y, **arguments).fit(disp=False)
    kind = kind_of(f"ets:{name}", 4)
    ours = ets.fit(y[None], kind)
    mean = y - np.asarray(ets._filter(y[None], kind, (ours.alpha, ours.beta, ours.gamma, ours.phi), ours.start)[0][0])
    loss = 48 * np.log(((y - mean) ** 2 / (mean**2 if kind.error == "M" else 1)).sum())
    loss += 2 * np.log(mean).sum() if kind.error == "M" else 0
    assert loss / 2 <= -known.llf - 24 * (np.log(2 * np.pi / 48) + 1) + 0.05


@pytest.mark.parametrize("error", "AM")
@pytest.mark.parametrize("trend", ["N", "A", "Ad"])
@pytest.mark.parametrize("season", "NAM")
def test_every_kind_can_be_fitted_and_drawn(error: str, trend: str, season: str) -> None:
    found = forecast(city(1)[0], 14, model=f"ets:{error},{trend},{season}", season_length=12)
    bounds = [found.lower95, found.lower80, found.mean, found.upper80, found.upper95]
    assert (np.diff(bounds, axis=0) > 0).all()
    assert np.abs(found.mean - 200).max() < 60


def test_courses_drawn_vary_as_the_formula_says() -> None:
    fitted = ets.fit(city(3), ets.Kind("A", "Ad", "A", 12))
    drawn = ets.paths(fitted, 15, draws=20_000)
    assert drawn.std(axis=1) == pytest.approx(ets.spread(fitted, 15), rel=0.03)
    assert drawn.mean(axis=1) == pytest.approx(ets.means(fitted, fitted.end, 15), rel=1e-6)


@pytest.mark.parametrize("value", [0.0, 100.0])
def test_a_constant_goes_on(value: float) -> None:
    found = forecast(np.full(40, value), 3, season_length=12)
    assert found.mean.tolist() == [value] * 3 and found.sigma == 0
    assert found.model == "seasonal-naive"


def test_zeros_and_negative_values_have_no_multiplicative_model() -> None:
    y = city(1)[0] - 200
    assert "M" not in forecast(y, 3, season_length=12).model.replace("ets:", "")
    with pytest.raises(CityStatError, match="above zero"):
        forecast(y, 3, model="ets:M,N,N")


def test_what_comes_after_the_last_gap_is_used() -> None:
    y = city(1)[0]
    y[50] = np.nan
    found = forecast(y, 3, season_length=12)
    assert found.used == 81 and found.mean.tolist() == forecast(y[51:], 3, season_length=12).mean.tolist()


@pytest.mark.parametrize(
    ("values", "words"),
    [([], "too few"), ([1.0] * 9, "too few"), ([1.0] * 50 + [np.nan], "too few"), ([1.0] * 20 + [np.inf], "infinite")],
)
def test_what_is_too_short_or_broken_is_refused(values: list[float], words: str) -> None:
    with pytest.raises(CityStatError, match=words):
        forecast(values, 3)


def test_errors_of_a_forecast() -> None:
    found = errors(np.array([10.0, 20]), np.array([12.0, 16]), np.array([1.0, 2, 4]))
    assert (found.mae, found.mape, found.mase) == (3, pytest.approx(20), 2)
    assert found.rmse == pytest.approx(10**0.5)
    assert errors(np.array([0.0]), np.array([1.0]), np.array([1.0, 1])).mape is None


@pytest.mark.parametrize("model", ["naive", "seasonal-naive", "ets:A,N,A", "ets:M,A,M", "ets:A,Ad,N"])
def test_courses_spread_as_the_intervals_say(model: str) -> None:
    y = city(1, seed=5)[0]
    (found,) = forecast_all(y[None], 8, model=model, season_length=12)
    drawn = courses(y, found, 8)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    width = found.upper80 - found.lower80
    assert np.abs(drawn.mean(axis=0) - found.mean).max() < 0.1 * width.max()
    assert high - low == pytest.approx(width, rel=0.1)
