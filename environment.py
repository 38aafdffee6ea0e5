"""Make the environment of the project: `python3 environment.py .venv`.

Runs on any Python 3, so that an old one can say what is missing instead of failing on its grammar.
"""

from __future__ import print_function

import os
import subprocess
import sys
import time

NEEDED = (3, 11)


def stop(message):
    sys.stderr.write(message + "\n")
    sys.exit(1)


def check_python():
    if sys.version_info < NEEDED:
        found = ".".join(str(part) for part in sys.version_info[:3])
        stop(
            "Python %d.%d or newer is needed; %s is %s.\n"
            "Install a newer one (Debian 12: apt install python3 python3-venv; macOS: brew install python@3.12),\n"
            "or name it: make book PYTHON=/path/to/python3.12" % (NEEDED + (sys.executable, found))
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        version = "%d.%d" % sys.version_info[:2]
        stop(
            "This Python has no %s module, which the environment needs.\n"
            "Debian and Ubuntu ship it apart: apt install python%s-venv. Then run make again." % (error.name, version)
        )


def run(step, command, quiet=True):
    started = time.time()
    sys.stdout.write("%s …" % step)
    sys.stdout.flush()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    sys.stdout.write(" %.1f s\n" % (time.time() - started) if process.returncode == 0 else " failed\n")
    if process.returncode and not quiet:
        stop(
            "%s\nThe command was: %s\nIf the network was at fault, run make again; it goes on where it stopped."
            % (process.stdout.strip()[-4000:], " ".join(command))
        )
    return process.returncode == 0


def pinned(name):
    """Return the lines of requirements.txt that pin one package, hashes included."""
    lines, taking = [], False
    with open("requirements.txt", encoding="utf-8") as file:
        for line in file:
            if line[:1].strip() and not line.startswith("#"):
                taking = line.startswith(name + "==")
            if taking:
                lines.append(line)
    return "".join(lines)


def main(folder):
    check_python()
    python = os.path.join(folder, "bin", "python")
    ready = os.path.join(folder, ".ready")
    if not os.path.exists(python):
        run("environment made in %s" % folder, [sys.executable, "-m", "venv", folder], quiet=False)
    with open(os.path.join(folder, "uv.txt"), "w", encoding="utf-8") as file:
        file.write(pinned("uv"))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = [python, "-m", "uv", "pip"]
    if run("installer fetched", pip + [os.path.join(folder, "uv.txt")]):
        run(
            "packages installed",
            uv + ["install", "--python", python, "--compile-bytecode", "--require-hashes", "-r", "requirements.txt"],
            False,
        )
    else:
        run("packages installed with pip (a minute or two)", pip + ["requirements.txt"], False)
    own = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]
    run("livrev installed", [python, "-m", "pip"] + own, False)
    with open(ready, "w", encoding="utf-8") as file:
        file.write("%d.%d\n" % sys.version_info[:2])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".venv")
