"""Executes a notebook in this environment, headless.

Usage: python execute.py NAME [--save]

The notebook with its outputs, and its plots as PNG files, go to target/; with --save the outputs go into the notebook itself, too.
"""

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

MODULE = Path(__file__).resolve().parent


def tidy(notebook):
    """Leaves out what differs from one machine to the next: paths, and warnings at the start of a JVM."""
    root = str(MODULE.parent)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
        for output in cell.outputs:
            if "text" in output:
                output.text = output.text.replace(f"file:{root}/", "").replace(f"{root}/", "")


def plots(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield base64.b64decode(output.data["image/png"])


def main(name, *options):
    source = MODULE / f"{name}.ipynb"
    target = MODULE / "target"
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=3600,
        startup_timeout=600,
        kernel_name="python3",
        record_timing=False,
        # Sockets of files, which only this user can reach.
        config=Config({"KernelManager": {"transport": "ipc"}}),
        resources={"metadata": {"path": str(MODULE)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        sys.exit(f"The notebook {name} failed:\n{error}")
    finally:
        nbformat.write(notebook, target / f"{name}.ipynb")
    tidy(notebook)
    nbformat.write(notebook, target / f"{name}.ipynb")
    for i, png in enumerate(plots(notebook)):
        (target / (f"{name}.png" if i == 0 else f"{name}-{i + 1}.png")).write_bytes(png)
    if "--save" in options:
        nbformat.write(notebook, source)


if __name__ == "__main__":
    main(*sys.argv[1:])
