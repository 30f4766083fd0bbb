"""docs/security.md: every requirement is answered, and every test named in it exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| [^|]+ \| (.+) \|$", re.M)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# ASVS 5.0.0: how many requirements each section has, and which of them are of level 3 alone.
# Chapters 10 (OAuth) and 17 (WebRTC) are answered as a whole.
SECTIONS = {
    "1.1": 2, "1.2": 10, "1.3": 12, "1.4": 3, "1.5": 3,
    "2.1": 3, "2.2": 3, "2.3": 5, "2.4": 2,
    "3.1": 1, "3.2": 3, "3.3": 5, "3.4": 8, "3.5": 8, "3.6": 1, "3.7": 5,
    "4.1": 5, "4.2": 5, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 6, "5.3": 3, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2,
    "8.1": 4, "8.2": 4, "8.3": 3, "8.4": 2,
    "9.1": 3, "9.2": 4,
    "11.1": 4, "11.2": 5, "11.3": 5, "11.4": 4, "11.5": 2, "11.6": 2, "11.7": 2,
    "12.1": 5, "12.2": 2, "12.3": 5,
    "13.1": 4, "13.2": 6, "13.3": 4, "13.4": 7,
    "14.1": 2, "14.2": 8, "14.3": 3,
    "15.1": 5, "15.2": 5, "15.3": 7, "15.4": 4,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4,
}  # fmt: skip
LEVEL_3 = set(
    """
    1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3
    3.7.4 3.7.5 4.1.4 4.1.5 4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8
    6.4.5 6.4.6 6.5.6 6.5.7 6.5.8 6.6.4 6.7.1 6.7.2 7.5.3 8.1.3 8.1.4 8.2.4 8.3.2 8.3.3 8.4.2
    11.1.3 11.1.4 11.2.4 11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.1 11.7.2 12.1.4 12.1.5 12.3.5
    13.1.2 13.1.3 13.1.4 13.2.6 13.3.3 13.3.4 13.4.6 13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4
    15.1.5 15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4
    """.split()
)
ANSWERS = ("open: ", "n/a: ", "by construction: ")


def asked() -> set[str]:
    every = {f"{s}.{number}" for s, count in SECTIONS.items() for number in range(1, count + 1)}
    assert every >= LEVEL_3
    return every - LEVEL_3


def rows() -> dict[str, str]:
    return {found[0]: found[2] for found in ROW.findall(TABLE)}


def test_every_requirement_of_levels_1_and_2_is_answered():
    answered = rows()

    assert set(answered) - {"10.1.1", "17.1.1"} == asked()
    assert len(answered) == len(ROW.findall(TABLE))
    for name, how in answered.items():
        assert NAMED.search(how) or any(word in how for word in ANSWERS), name


def test_every_test_that_is_named_exists():
    missing = [
        f"{path}::{name}"
        for path, name in sorted(set(NAMED.findall(TABLE)))
        if name not in functions(ROOT / path)
    ]

    assert len(NAMED.findall(TABLE)) > 100
    assert missing == []


def test_a_name_is_spelled_so_that_it_is_checked():
    """What looks like a test and is not matched would never be missed."""
    assert len(re.findall(r"::test_", TABLE)) == len(NAMED.findall(TABLE))


def functions(path: Path) -> set[str]:
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
