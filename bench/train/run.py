#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Training and CSV reading beside scikit-learn and pandas, on the same file in one run, taking turns.

usage: run.py [--build DIR] [--rounds N] [--data FILE.csv --target COLUMN --key COLUMN]

Without --data the simulated shop writes 335,000 customers of 113 features. Exits 1 if we are not 5 times as fast as
scikit-learn's default LogisticRegression, or end above its objective by more than a millionth.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def in_environment(folder):
    """Runs this script again with scikit-learn and pandas at hand, installed in an environment of its own."""
    python = os.path.join(folder, "bin", "python")
    if os.path.realpath(sys.prefix) == os.path.realpath(folder):
        return
    if not os.path.exists(python):
        venv.create(folder, with_pip=True)
    if subprocess.run([python, "-c", "import sklearn, pandas"], capture_output=True).returncode != 0:
        subprocess.check_call([python, "-m", "pip", "install", "--quiet", "scikit-learn", "pandas"])
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data")
    parser.add_argument("--target", default="bought")
    parser.add_argument("--key", default="uuid", help="a column that is no feature, left out if it is there")
    options = parser.parse_args()
    in_environment(os.path.join(options.build, "bench-python"))

    import numpy
    import pandas
    import sklearn
    from sklearn.linear_model import LogisticRegression

    if options.data is None:
        options.data = os.path.join(options.build, "bench-customers.csv")
        if not os.path.exists(options.data):
            subprocess.check_call([os.path.join(options.build, "provecho"), "shop", "training-data", "--rows", "335000",
                                   "--output", options.data])
    ours = subprocess.Popen([os.path.join(options.build, "bench", "train", "bench_train"), options.data, options.target, options.key],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(line):
        ours.stdin.write(line + "\n")
        answer = ours.stdout.readline().split()
        if not answer:
            sys.exit("bench_train ended")
        return [float(word) for word in answer]

    frame = pandas.read_csv(options.data)
    y = frame.pop(options.target).to_numpy()
    frame = frame.drop(columns=options.key, errors="ignore")
    x = numpy.ascontiguousarray(frame.to_numpy(dtype=float))
    signs = numpy.where(y == 1, -1.0, 1.0)
    threads = os.cpu_count()
    times = {"csv": [], "pandas": [], "fit": [], "sklearn": []}
    for _ in range(options.rounds):
        times["csv"] += ask("csv")
        start = time.perf_counter()
        pandas.read_csv(options.data)
        times["pandas"].append(time.perf_counter() - start)
        seconds, objective, iterations = ask(f"fit {threads}")
        times["fit"].append(seconds)
        start = time.perf_counter()
        model = LogisticRegression().fit(x, y)
        times["sklearn"].append(time.perf_counter() - start)
    w, b = model.coef_[0], model.intercept_[0]
    peer_objective = 0.5 * w @ w + numpy.logaddexp(0, signs * (x @ w + b)).sum()
    ours.stdin.close()

    median = {name: statistics.median(values) for name, values in times.items()}
    megabytes = os.path.getsize(options.data) / 1e6
    print(f"{x.shape[0]:,} rows, {x.shape[1]} features, {megabytes:.0f} MB, {threads} cores, load {os.getloadavg()[0]:.1f}, "
          f"scikit-learn {sklearn.__version__}, pandas {pandas.__version__}; medians of {options.rounds} rounds")
    print(f"read CSV   ours {median['csv']:.3f} s ({megabytes / median['csv']:.0f} MB/s), pandas {median['pandas']:.3f} s: "
          f"{median['pandas'] / median['csv']:.1f} times as fast")
    print(f"fit        ours {median['fit']:.3f} s ({iterations:.0f} iterations), scikit-learn {median['sklearn']:.3f} s "
          f"({model.n_iter_[0]} iterations): {median['sklearn'] / median['fit']:.1f} times as fast")
    print(f"objective  ours {objective:.6f}, scikit-learn {peer_objective:.6f}: "
          f"relative difference {(objective - peer_objective) / peer_objective:.2e}")
    good = median["sklearn"] >= 5 * median["fit"] and objective <= peer_objective * (1 + 1e-6)
    print("as promised" if good else "NOT as promised (5 times as fast, no worse an objective)")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
