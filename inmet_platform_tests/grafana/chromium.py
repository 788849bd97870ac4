"""A real browser that runs the code of a panel, as its plugin would, and says what came of it."""

from __future__ import annotations

import json
import os
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from inmet_platform_tests.needs import BROWSER, CHROMIUM, needs

needs_chromium = needs(BROWSER)


class _Told(HTMLParser):
    told = ""
    inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "pre" and ("id", "told") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.told += data if self.inside else ""


def run(folder: Path, script: str, given: Any, scripts: tuple[Path, ...] = ()) -> Any:
    """What a script returns, in a page of its own; it finds `given` there.

    Args:
        folder: for the page and the browser's profile.
        script: body of a function of `given`; what it returns must be JSON.
        given: JSON.
        scripts: files that are loaded before.

    Raises:
        AssertionError: the script threw; the message is its own.
    """
    # A closing tag in a text would end the script of the page.
    literal = json.dumps(json.dumps(given)).replace("</", "<\\/")
    body = json.dumps(script).replace("</", "<\\/")
    tags = "".join(f'<script src="{path.as_uri()}"></script>' for path in scripts)
    page = folder / "page.html"
    page.write_text(
        f"""<!doctype html><meta charset="utf-8"><pre id="told"></pre>{tags}<script>
        let told;
        try {{ told = {{ is: new Function('given', {body})(JSON.parse({literal})) }}; }}
        catch (error) {{ told = {{ error: String(error.stack || error) }}; }}
        document.getElementById('told').textContent = JSON.stringify(told);
        </script>"""
    )
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--lang=pt-BR"),
            *(f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        # A zone far from Brazil's: what is shown must not depend on it.
        env={**os.environ, "TZ": "Pacific/Auckland"},
    )
    parser = _Told()
    parser.feed(done.stdout)
    found = json.loads(parser.told)
    assert "error" not in found, found["error"]
    return found["is"]
