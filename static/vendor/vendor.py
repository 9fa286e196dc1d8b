"""Rebuild static/vendor from vendor.toml: `npm pack`, the listed files, licences, hashes, icon sprite, font subsets.

Needs npm, fonttools and brotli on the maintainer's machine only; the result is committed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\n?")
LICENCE_FILE = re.compile(r"(licen[cs]e|notice|copying)(\.\w+)?", re.IGNORECASE)
FONT_FEATURES = "kern,liga,calt,tnum,zero,ss01,cv11,case,locl,mark,mkmk,ccmp"
OUTLINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor"'


def integrity(data: bytes) -> str:
    """The value of an `integrity` attribute: sha384, base64."""
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def read_package(name: str, version: str, folder: Path) -> dict[str, bytes]:
    """Every file of an npm package, by its path inside the package."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    archive = folder / subprocess.check_output(command, text=True).strip().splitlines()[-1]
    with tarfile.open(archive) as tar:
        members = [m for m in tar.getmembers() if m.isfile() and "/" in m.name]
        return {m.name.split("/", 1)[1]: tar.extractfile(m).read() for m in members}


def sprite(files: dict[str, bytes], icons: dict[str, list[str]]) -> bytes:
    """One SVG of symbols; an icon is used as `<use href=".../icons.svg#name">`, a filled one as `#name-filled`."""
    symbols = []
    for style, paint in (("outline", OUTLINE), ("filled", FILLED)):
        for icon in icons[style]:
            svg = files[f"icons/{style}/{icon}.svg"].decode()
            inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1)
            inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
            inner = re.sub(r"\s+", " ", inner).replace("> <", "><").strip()
            suffix = "-filled" if style == "filled" else ""
            symbols.append(f'<symbol id="{icon}{suffix}" viewBox="0 0 24 24" {paint}>{inner}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def subset_font(data: bytes, unicodes: str, folder: Path) -> bytes:
    """A woff2 cut to `unicodes`, keeping the features the design uses (tabular numbers above all)."""
    from fontTools import subset

    source, target = folder / "in.woff2", folder / "out.woff2"
    source.write_bytes(data)
    options = [f"--output-file={target}", "--flavor=woff2", f"--layout-features={FONT_FEATURES}"]
    subset.main([str(source), *options, f"--unicodes={unicodes}"])
    return target.read_bytes()


def shipped(name: str, spec: dict, files: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """What one package contributes to static/vendor, without its licence."""
    out = {target: SOURCE_MAP.sub(b"", files[source]) for source, target in spec["files"].items()}
    for part, unicodes in spec.get("fonts", {}).items():
        font = subset_font(files[f"files/inter-{part}-wght-normal.woff2"], unicodes, folder)
        out[f"inter/inter-{part}.woff2"] = font
    if "icons" in spec:
        out["icons.svg"] = sprite(files, spec["icons"])
    return out


def licence_text(spec: dict, files: dict[str, bytes]) -> bytes:
    """The package's own licence file; packages that ship none name the holder in vendor.toml."""
    own = [files[path] for path in sorted(files) if LICENCE_FILE.fullmatch(path)]
    if own:
        return b"\n".join(own)
    title, holder = spec["licence_text"].split(", ", 1)
    return (HERE / f"{title.lower()}.template.txt").read_text().replace("{holder}", holder).encode()


def third_party(packages: dict[str, dict], lock: dict[str, dict]) -> str:
    """The list people read: package, version, licence, files."""
    lines = ["# Third-party files served from static/vendor", "", "Made by `vendor.py` from `vendor.toml`; do not edit.", ""]
    for name, spec in packages.items():
        mine = [path for path, entry in lock.items() if entry["package"] == name]
        lines += [f"## {name} {spec['version']}", "", f"Licence: {lock[mine[0]]['licence']}"]
        if "bundles" in spec:
            lines += ["", f"Contains: {spec['bundles']}"]
        lines += ["", *(f"- `{path}`" for path in mine), ""]
    return "\n".join(lines)


def main() -> None:
    packages = tomllib.loads((HERE / "vendor.toml").read_text())["packages"]
    lock: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, spec in packages.items():
            files = read_package(name, spec["version"], folder)
            licence = json.loads(files["package.json"])["license"]
            slug = name.replace("@", "").replace("/", "-")
            out = shipped(name, spec, files, folder) | {f"licenses/{slug}.txt": licence_text(spec, files)}
            for path, data in out.items():
                (HERE / path).parent.mkdir(parents=True, exist_ok=True)
                (HERE / path).write_bytes(data)
                lock[path] = {
                    "package": name,
                    "version": spec["version"],
                    "licence": licence,
                    "bytes": len(data),
                    "integrity": integrity(data),
                }
    (HERE / "vendor.lock.json").write_text(json.dumps(lock, indent=1) + "\n")
    (HERE / "THIRD_PARTY.md").write_text(third_party(packages, lock))


if __name__ == "__main__":
    main()
