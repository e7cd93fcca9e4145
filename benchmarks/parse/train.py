r"""Train the extractor's model, and the models of the folds that its figures are measured with.

    python -m benchmarks.parse.train --bench ../shared/bench --out tasks/parse/extractor/model.npz \
        --folds benchmarks/parse/folds

Deterministic for one version of catboost and scikit-learn. About fifteen minutes on two cores; the fold models alone
take most of it. Needs what benchmarks/parse/requirements.txt names.
"""

import argparse
import itertools
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.parse.data import FOLDS, SETS, fold_of, read_set
from benchmarks.parse.fit import fit_model, read_sheet


def main() -> None:
    """Read the sets, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="the model of all pages")
    parser.add_argument("--folds", type=Path, help="folder of the models that have each not seen a fifth of the sites")
    args = parser.parse_args()
    started = time.monotonic()
    sheet = read_sheet(itertools.chain.from_iterable(read_set(args.bench, name) for name in SETS))
    print(
        f"{len(sheet.pages)} pages, {len(sheet.labels)} blocks read in {time.monotonic() - started:.0f} s", flush=True
    )
    fold = np.array([fold_of(site) for site in sheet.sites])
    wanted = [(args.folds / f"fold{number}.npz", fold != number) for number in range(FOLDS)] if args.folds else []
    wanted += [(args.out, np.ones(len(fold), dtype=np.bool_))] if args.out else []
    for path, train in wanted:
        write(path, fit_model(sheet, train))
        print(f"{path.name}: {path.stat().st_size // 1024} kB, {time.monotonic() - started:.0f} s", flush=True)


def write(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """Store a model's arrays as a compressed npz file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy types the option `allow_pickle` as any keyword


if __name__ == "__main__":
    main()
