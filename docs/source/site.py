"""MkDocs' hook: pages that stand beside the code join the site, and links find them there.

On a page as it stands in the repository a link leads to a file of the repository. On the site it
leads to the page made of that file; what has no page, such as a folder of code, is only named.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]

JOINED = {
    "infra/aws/README.md": "how-to/aws.md",
    "infra/snowflake/README.md": "how-to/snowflake.md",
    "local_cloud/README.md": "embedded-cloud.md",
    "grafana/source/charts/README.md": "charts.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "report-a-weakness.md",
}

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s:#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand beside the code."""
    for source, name in JOINED.items():
        files.append(File.generated(config, name, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links of the repository into links of the site."""
    source = Path(str(page.file.abs_src_path)).relative_to(ROOT).as_posix()
    return rewritten(markdown, source, page.file.src_uri)


def rewritten(markdown: str, source: str, name: str) -> str:
    """Markdown with the links of the site.

    Args:
        markdown: with the links of the repository.
        source: where it stands in the repository.
        name: of its page on the site.
    """

    def link(found: re.Match[str]) -> str:
        label, target, anchor = found.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        made = path.removeprefix("docs/") if path.startswith("docs/") else JOINED.get(path)
        if made is None:
            return label
        return f"[{label}]({posixpath.relpath(made, posixpath.dirname(name) or '.')}{anchor or ''})"

    return _LINK.sub(link, markdown)
