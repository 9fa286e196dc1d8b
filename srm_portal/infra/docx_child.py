"""Filling a Word template in a child process: a template is somebody's program, so it runs where it can harm nothing.

The parent (`fill_template`) sends the template and plain values over standard input and takes the filled file from
standard output. The child limits itself before it reads a template: memory, processor seconds, size of files, no further
processes; it knows only a sandboxed Jinja without any object but texts, numbers, lists and dictionaries.
"""

from __future__ import annotations

import base64
import io
import json
import os
import resource
import subprocess
import sys
from typing import Any

from srm_portal.kernel.errors import Refused

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 4
WALL_SECONDS = 30
OUTPUT_BYTES = 24 * 1024 * 1024
_CODES = ("template_unsafe", "template_value_missing", "template_wrong", "template_too_big", "template_unreadable")


def fill_template(template: bytes, values: dict[str, Any]) -> bytes:
    """The filled Word file. `values` are plain JSON values.

    Refused: `template_value_missing` (names a value that is not there), `template_unsafe` (reaches for what no template
    may), `template_wrong` (not readable as a template), `template_too_big` (memory or size), `template_too_slow`,
    `template_unreadable` (no Word file).
    """
    order = json.dumps({"template": base64.b64encode(template).decode(), "values": values}).encode()
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "PYTHONPATH")}
    environment |= {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "PYTHONDONTWRITEBYTECODE": "1"}
    call = [sys.executable, "-m", "srm_portal.infra.docx_child"]
    try:
        done = subprocess.run(
            call, input=order, capture_output=True, timeout=WALL_SECONDS, env=environment, cwd="/", check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("template_too_slow") from None
    if done.returncode == 0 and done.stdout.startswith(b"PK"):
        return done.stdout
    answer = done.stdout[:2000].decode("utf-8", "replace").strip().partition(" ")
    if done.returncode == 3 and answer[0] in _CODES:
        raise Refused(answer[0], what=answer[2][:200])
    raise Refused("template_too_slow" if done.returncode < 0 else "template_too_big", what="")


def _limit() -> None:
    """From here on; what loading the libraries took does not count against the template."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _answer(code: str, what: object = "") -> None:
    os.write(1, f"{code} {what}".encode("utf-8", "replace")[:2000])
    os._exit(3)


def _fill(template: bytes, values: dict[str, Any]) -> bytes:
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    environment.globals = {}
    document = DocxTemplate(io.BytesIO(template))
    document.render(values, jinja_env=environment, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def main() -> None:
    """The child: everything that goes wrong is one word on standard output."""
    from zipfile import BadZipFile

    import docxtpl  # noqa: F401  (loaded before the limits: a template only gets what is left)
    from docx.opc.exceptions import OpcError
    from jinja2 import TemplateError, UndefinedError
    from jinja2.exceptions import SecurityError
    from lxml.etree import LxmlError

    order = json.loads(sys.stdin.buffer.read())
    _limit()
    try:
        filled = _fill(base64.b64decode(order["template"]), order["values"])
    except SecurityError as error:
        _answer("template_unsafe", error)
    except UndefinedError as error:
        _answer("template_value_missing", error)
    except (TemplateError, TypeError, ArithmeticError, LxmlError, RecursionError) as error:
        _answer("template_wrong", error)
    except (MemoryError, OverflowError):
        _answer("template_too_big")
    except (OpcError, BadZipFile, KeyError, AttributeError, ValueError) as error:
        _answer("template_unreadable", type(error).__name__)
    if len(filled) > OUTPUT_BYTES:
        _answer("template_too_big")
    sys.stdout.buffer.write(filled)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
