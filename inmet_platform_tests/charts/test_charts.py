"""The charts: as functions in charts.test.mjs, in a real browser in browser.test.mjs."""

from __future__ import annotations

from pathlib import Path

from inmet_platform_tests.node import needs_browser, needs_node, run_node_tests

HERE = Path(__file__).parent


@needs_node
def test_charts_give_right_options_on_any_rows() -> None:
    run_node_tests(HERE / "charts.test.mjs")


@needs_browser
def test_charts_are_drawn_in_a_browser_light_and_dark() -> None:
    run_node_tests(HERE / "browser.test.mjs")
