"""How big functions and files are, per part of the house, so that drift is seen as a trend.

Fails only on the hard limits: a file above 500 lines (tests 800), a function above 60 without a
comment on the line before it that says why.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("cobranca", "integrations", "settings", "tests")
FUNCTION_LIMIT, FILE_LIMIT, TEST_FILE_LIMIT = 60, 500, 800


@dataclass(frozen=True)
class Function:
    place: str
    lines: int
    is_explained: bool


def source_files(part: str) -> list[Path]:
    files = (ROOT / part).rglob("*.py")
    return sorted(path for path in files if "migrations" not in path.parts)


def functions_of(path: Path) -> Iterator[Function]:
    text = path.read_text()
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            above = lines[first - 2].strip() if first > 1 else ""
            place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(place, size, above.startswith("#"))


def share(values: list[int], tenths: int) -> int:
    return round(quantiles(values, n=10)[tenths - 1]) if len(values) > 1 else sum(values)


def row(name: str, functions: list[int], files: list[int]) -> str:
    if not functions or not files:
        return f"{name:14}{len(files):>6}{sum(files):>8}"
    figures = (
        len(files), sum(files), len(functions),
        round(median(functions)), share(functions, 9), max(functions),
        round(median(files)), share(files, 9), max(files),
    )  # fmt: skip
    return f"{name:14}" + "".join(f"{figure:>8}" for figure in figures)


def main() -> int:
    titles = ("files", "lines", "funcs", "median", "p90", "max", "file", "p90", "max")
    print(f"{'':14}" + "".join(f"{title:>8}" for title in titles))
    broken = []
    for part in PARTS:
        files = {path: len(path.read_text().splitlines()) for path in source_files(part)}
        functions = [found for path in files for found in functions_of(path)]
        filled = [size for size in files.values() if size]
        print(row(part, [found.lines for found in functions], filled))
        broken += [
            f"{found.place}: {found.lines} linhas"
            for found in functions
            if found.lines > FUNCTION_LIMIT and not found.is_explained
        ]
        broken += [
            f"{path.relative_to(ROOT)}: {size} linhas"
            for path, size in files.items()
            if size > (TEST_FILE_LIMIT if part == "tests" else FILE_LIMIT)
        ]
    for line in broken:
        print(f"FALHA grande demais: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
