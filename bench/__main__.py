"""Runs the benchmarks named on the command line, or all: every module here that has `run()`, which yields figures."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

import bench
from bench.figures import Figure

Run = Callable[[], Iterable[Figure]]


def _benches() -> dict[str, Run]:
    names = sorted(found.name for found in iter_modules(bench.__path__) if not found.name.startswith("_"))
    modules = {name: import_module(f"bench.{name}") for name in names}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def main(names: list[str]) -> int:
    """0 when every bound was kept, 1 when one was missed, 2 for a name that is no benchmark."""
    benches = _benches()
    unknown = [name for name in names if name not in benches]
    if unknown or not benches:
        print(f"no such benchmark: {' '.join(unknown)}; there are: {' '.join(benches)}")
        return 2
    kept = True
    for name in names or benches:
        for figure in benches[name]():
            print(figure.line(), flush=True)
            kept = kept and figure.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
