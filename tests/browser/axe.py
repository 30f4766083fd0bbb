"""axe-core in a page: what keeps somebody from reading or using it.

The script is injected by the test (`tests/browser/vendor`), never served by the product.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")
# Only colours change with the theme: everything else is looked at once.
COLOURS = ("color-contrast", "link-in-text-block")

RUN = """async ({rules}) => {
  const options = {resultTypes: ["violations"], elementRef: false};
  if (rules) options.runOnly = {type: "rule", values: rules};
  const found = await axe.run(document, options);
  return found.violations.map(({id, impact, help, nodes}) => ({
    id, impact, help,
    nodes: nodes.map((node) => ({at: node.target.flat().join(" "), html: node.html,
                                 why: node.failureSummary})),
  }));
}"""
# Transitions are let end at once: a colour half-way between two themes is nobody's.
DARK = """(theme) => {
  document.documentElement.dataset.bsTheme = theme;
  document.documentElement.classList.toggle("dark", theme === "dark");
  for (const moving of document.getAnimations()) {
    try { moving.finish(); } catch { moving.cancel(); }
  }
}"""


def faults_of(page: Page, name: str) -> list[str]:
    """Return the serious and critical faults of a page, in the light and in the dark."""
    theme = page.evaluate("document.documentElement.dataset.bsTheme")
    faults = []
    for other, rules in (("light", None), ("dark", COLOURS)):
        page.evaluate(DARK, other)
        faults += [f"{name} ({other}): {told}" for told in run(page, rules)]
    page.evaluate(DARK, theme)
    return faults


def run(page: Page, rules: tuple[str, ...] | None = None) -> list[str]:
    """Run axe on what is shown now; return each grave fault as one line a place."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SCRIPT.read_text())
    found = page.evaluate(RUN, {"rules": list(rules) if rules else None})
    return [line for fault in found if fault["impact"] in GRAVE for line in _lines(fault)]


def _lines(fault: dict[str, Any]) -> list[str]:
    return [
        f"{fault['id']} at {node['at']}: {node['html'][:160]}: {' '.join(node['why'].split())}"
        for node in fault["nodes"]
    ]
