"""How the documentation is built: MyST Markdown in Wagtail's own theme."""

import shutil
from pathlib import Path
from typing import Any

from wagtail_calendly import __version__

project = "wagtail_calendly"
author = copyright = "The wagtail_calendly contributors"  # noqa: A001 - Sphinx' own name
version = release = __version__
extensions = ["myst_parser", "sphinx_wagtail_theme", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "sphinx_wagtail_theme"
html_theme_options = {
    "project_name": "wagtail_calendly",
    "logo": "",
    "github_url": "",
    "footer_links": "",
}
html_title = "wagtail_calendly"
html_show_sourcelink = False


def setup(app: Any) -> None:
    """Pictures that follow the reader's colours are HTML, in which Sphinx finds no files to bring along."""
    app.connect("build-finished", _bring_pictures)


def _bring_pictures(app: Any, error: Exception | None) -> None:
    if error is None:
        shutil.copytree(
            Path(app.srcdir) / "pictures", Path(app.outdir) / "pictures", dirs_exist_ok=True
        )
