"""`python -m benchmarks`: runs each benchmark in a process of its own, and writes docs/performance.md."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import process, report
from benchmarks.report import NAMES


def main() -> None:
    wanted = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)  # the database's own user has to reach its folder below
        results = {}
        for name in wanted.names or NAMES:
            print(f"{name} …", flush=True)
            given = {"others": tuple(wanted.also)} if name == "imports" else {}
            results[name] = process.run(name, folder, quick=wanted.quick, **given)
            print(*(f"  {report.line(result)}" for result in results[name]), sep="\n", flush=True)
    if not wanted.quick:
        report.write(results)
        print("Written to docs/performance.md.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[[], *NAMES], metavar="NAME", help=", ".join(NAMES)
    )
    parser.add_argument(
        "--quick", action="store_true", help="Only show that it runs; the numbers mean little."
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="PYTHON",
        help="Report imports on this interpreter too.",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
