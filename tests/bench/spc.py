"""How long one series takes to be judged, beside Python packages for the same charts on the same series.

`make bench` puts them into .bench: controlchartspy, the Python edition of the R package controlcharts (Australian Department of
Health), and abspc, written in Python with numpy and pandas. Where one could not be installed, its line says so.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
TIMED = """
import json, statistics, sys, time
{imports}
times = []
for values in json.load(sys.stdin):
    {before}
    began = time.perf_counter()
    {work}
    times.append(time.perf_counter() - began)
print(statistics.median(times))
"""
RIVALS = {
    "controlchartspy 0.1.3 (20 × at least)": TIMED.format(
        imports="from controlchartspy import spc\n"
        "rules = dict.fromkeys(('astronomical', 'shift', 'trend', 'two_in_three'), True)",
        before="data = {'k': [f'{n:03d}' for n in range(len(values))], 'v': values}",
        work="spc(data, keys='k', numerators='v', spc_settings={'chart_type': 'i'}, outlier_settings=rules, return_objs='limits')",
    ),
    "abspc 1.1.0": TIMED.format(
        imports="import pandas as pd\n"
        "from abspc import calculate_control_limits, detect_special_causes, determine_assurance_type, determine_variation_type",
        before="data = pd.DataFrame({'value': values})",
        work="found = detect_special_causes(calculate_control_limits(data, 'XmR')); "
        "determine_variation_type(found, improvement_direction='high'); determine_assurance_type(found, 104.0, 'high')",
    ),
}


def measure(report: Callable[..., None]) -> None:
    """XmR limits, special causes, variation and assurance of 200 series of 120 months; medians. Reports how many times as long
    each rival took."""
    from citystat.analysis.spc import judge

    rng = np.random.default_rng(7)
    series = [(100 + rng.normal(0, 4, 120)).round(1).tolist() for _ in range(200)]
    times = []
    for values in series:
        began = time.perf_counter()
        judge(values, improvement="up", target=104.0)
        times.append(time.perf_counter() - began)
    ours = statistics.median(times)
    for name, code in RIVALS.items():
        told = subprocess.run(
            [sys.executable, "-c", code], input=json.dumps(series), env={**os.environ, "PYTHONPATH": str(ROOT / ".bench")},
            capture_output=True, text=True,
        )  # fmt: skip
        if told.returncode:
            report(f"one series judged: {name} is not there", ours, told.stderr.strip().splitlines()[-1])
        else:
            took = float(told.stdout)
            report(
                "one series of 120 months judged",
                ours,
                f"{took / ours:.0f} × as long took {name}: {1000 * took:.2f} ms",
            )
