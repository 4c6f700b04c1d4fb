"""The same model as `chance/mining-paths.ts` in vectorised NumPy: NPV of mining over simulated coin prices.

Reads {"input": <inputs of mcMiningNpv>, "times": n} from stdin and writes the median time of one run in ms and the answer
to stdout, as JSON. Float64 throughout, one generator (PCG64, ziggurat normals), whole array operations, work in place,
paths in batches that fit the cache (`batch`; the fastest of those tried), quantiles by partition.
"""

import json
import statistics
import sys
import time

import numpy

BATCHES = (512, 2048, 8192, 100_000)


def npv_of_paths(i, batch):
    months = i["months"]
    month = numpy.arange(1, months + 1)
    discount = (1 + i["discountRateAnnual"]) ** (-month / 12)
    share = i["hashratePHs"] / i["networkPHs"]
    coins = 4383 * (i["subsidyBtc"] + i["feesPerBlockBtc"]) * share * (1 - i["poolFee"])
    energy = i["hashratePHs"] * i["efficiencyJTH"] * i["overheadRatio"] * 730.5 / 1000 * i["variablePerMWh"]
    coin_usd = discount * coins * i["startPrice"]
    energy_usd = (discount * energy).sum()
    drift = (i["driftAnnual"] - i["volAnnual"] ** 2 / 2) / 12
    swing = i["volAnnual"] * (1 / 12) ** 0.5

    random = numpy.random.Generator(numpy.random.PCG64(i["seed"]))
    npv = numpy.empty(i["paths"])
    final = numpy.empty(i["paths"])
    logs = numpy.empty((min(batch, i["paths"]), months))
    for first in range(0, i["paths"], batch):
        here = logs[: min(batch, i["paths"] - first)]
        random.standard_normal(out=here)
        here *= swing
        here += drift
        numpy.cumsum(here, axis=1, out=here)
        final[first : first + len(here)] = here[:, -1]
        numpy.exp(here, out=here)
        numpy.matmul(here, coin_usd, out=npv[first : first + len(here)])
    npv -= energy_usd
    p05, p50, p95 = numpy.percentile(npv, [5, 50, 95])
    return {
        "meanNpv": npv.mean(),
        "sdNpvUsd": npv.std(ddof=1),
        "p05NpvUsd": p05,
        "p50NpvUsd": p50,
        "p95NpvUsd": p95,
        "probabilityOfLoss": (npv < 0).mean(),
        "sdFinalLogPrice": final.std(ddof=1),
    }


def median_ms(run, times):
    run()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def main():
    asked = json.load(sys.stdin)
    i, times = asked["input"], asked["times"]
    batch = min(BATCHES, key=lambda size: median_ms(lambda: npv_of_paths(i, size), 1))
    answer = {key: float(value) for key, value in npv_of_paths(i, batch).items()}
    ms = median_ms(lambda: npv_of_paths(i, batch), times)
    json.dump({"ms": ms, "batch": batch, "numpy": numpy.__version__, "answer": answer}, sys.stdout)


main()
