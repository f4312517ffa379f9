#!/usr/bin/env python3
"""The two commands of a fresh machine: `python3 dev.py demo` and `python3 dev.py test`.

Needs Python 3.11 or newer and git; installs the rest: uv into `.dev/` when it is missing, the locked
packages into `.venv/`, and on Debian the shared libraries that Qt needs and a PostgreSQL for the tests.
Nothing else of the machine is touched.
"""
# The first lines must be readable by an old Python, so that it can say what is wrong.

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
SCRIPTS = "Scripts" if WINDOWS else "bin"
EXE = ".exe" if WINDOWS else ""
VENV = ROOT / ".venv"
DEV = ROOT / ".dev"

# What PySide6's wheels load and do not bring: library -> Debian package.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONT = ("/usr/share/fonts", "fonts-dejavu-core")


class Problem(Exception):
    """What is wrong, in one sentence for the person at the terminal."""


def check_python(version):
    # type: (tuple[int, int]) -> None
    """Refuse a Python that the product doesn't run on."""
    if version < (3, 11):
        raise Problem("Python 3.11 or newer is needed; this one is {}.{}.".format(*version))


def run(command, env=None):
    # type: (list[str], dict[str, str] | None) -> subprocess.CompletedProcess[str]
    """Run a command quietly; its output is kept for the error message."""
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, env=env
    )


def last_line(text):
    # type: (str) -> str
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no output"


def is_debian():
    # type: () -> bool
    """Is this Debian or a child of it, where apt-get installs?"""
    return sys.platform.startswith("linux") and shutil.which("apt-get") is not None


def apt_install(packages):
    # type: (list[str]) -> None
    """Install Debian packages, as root or through sudo."""
    prefix = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise Problem("These Debian packages are missing and need root to install: " + " ".join(packages) + ".")
        prefix = ["sudo"]
    print("Installing Debian packages: " + " ".join(packages), flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = prefix + ["apt-get", "install", "-y", "--no-install-recommends"] + packages
    if run(install, env=environment).returncode == 0:
        return
    run(prefix + ["apt-get", "update"], env=environment)
    done = run(install, env=environment)
    if done.returncode != 0:
        raise Problem("apt-get could not install {}: {}".format(" ".join(packages), last_line(done.stdout)))


def find_uv():
    # type: () -> str
    """The uv of the machine, or one of our own in `.dev/`."""
    own = DEV / SCRIPTS / ("uv" + EXE)
    found = shutil.which("uv")
    if found is not None:
        return found
    if own.exists():
        return str(own)
    print("Installing uv into .dev/", flush=True)
    make = [sys.executable, "-m", "venv", str(DEV)]
    if run(make).returncode != 0:
        shutil.rmtree(DEV, ignore_errors=True)
        if is_debian():
            apt_install(["python3-venv"])
        done = run(make)
        if done.returncode != 0:
            shutil.rmtree(DEV, ignore_errors=True)
            raise Problem(f"Python could not make a virtual environment: {last_line(done.stdout)}")
    done = run([str(DEV / SCRIPTS / ("python" + EXE)), "-m", "pip", "install", "--quiet", "uv"])
    if done.returncode != 0:
        shutil.rmtree(DEV, ignore_errors=True)
        raise Problem(f"uv could not be installed (is there a network?): {last_line(done.stdout)}")
    return str(own)


def sync_packages():
    # type: () -> None
    """Bring `.venv/` to what uv.lock says; without a network when it is there already."""
    uv = find_uv()
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=str(VENV))
    environment.pop("VIRTUAL_ENV", None)
    command = [uv, "sync", "--frozen", "--python", sys.executable]
    if run(command + ["--offline"], env=environment).returncode == 0:
        return
    print("Installing the packages of uv.lock into .venv/", flush=True)
    done = run(command, env=environment)
    if done.returncode != 0:
        raise Problem(f"The packages could not be installed (is there a network?): {last_line(done.stdout)}")


def compile_texts():
    # type: () -> None
    """Make the catalogues that the window loads (`*.qm`) where they are older than their source."""
    done = run([tool("python"), "-m", "tools.textos", "--compilar"])
    if done.returncode != 0:
        raise Problem(f"The catalogues of texts could not be compiled: {last_line(done.stdout)}")


def missing_debian_packages(with_postgres):
    # type: (bool) -> list[str]
    """The Debian packages that Qt, its fonts and the tests need and that are not there."""
    known = run(["/sbin/ldconfig", "-p"]).stdout
    packages = [package for library, package in QT_LIBRARIES.items() if library not in known]
    if not any(Path(FONT[0]).rglob("*.ttf")):
        packages.append(FONT[1])
    installed = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if with_postgres and shutil.which("initdb") is None and not installed:
        packages.append("postgresql")
    return packages


def set_up(with_postgres):
    # type: (bool) -> None
    """Everything that the commands need."""
    check_python(sys.version_info[:2])
    sync_packages()
    compile_texts()
    if is_debian():
        packages = missing_debian_packages(with_postgres)
        if packages:
            apt_install(packages)
        if with_postgres and shutil.which("redis-server") is None:
            try:
                apt_install(["redis-server"])
            except Problem as problem:
                print(f"{problem}; the test with Redis will be skipped", flush=True)


def tool(name):
    # type: (str) -> str
    """A program of `.venv/`."""
    return str(VENV / SCRIPTS / (name + EXE))


def call(command, env=None):
    # type: (list[str], dict[str, str] | None) -> int
    """Run a command in the foreground; it ends with us."""
    process = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(20)
        raise


MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)
MEMORY_BYTES = 4_000_000_000


def scratch():
    # type: () -> Path | None
    """A folder in memory for what tests write, where there is room: an fsync costs nothing there."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        return None
    return MEMORY / f"servitec-tests-{os.getpid()}"


def test(arguments):
    # type: (list[str]) -> int
    """Formatting, lint, types, structure, then the tests. Arguments go to pytest."""
    folder = scratch()
    if folder is not None:
        arguments = ["--basetemp=" + str(folder)] + arguments
    try:
        return stages(arguments)
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def compiled():
    # type: () -> dict[str, str]
    """An environment whose Pythons compile each module once, into `.dev/`; the tests start many of them."""
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(DEV / "bytecode"))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def stages(arguments):
    # type: (list[str]) -> int
    """The stages of `test`, up to the first that fails."""
    wanted = [
        ("format", [tool("ruff"), "format", "--check", "."]),
        ("lint", [tool("ruff"), "check", "."]),
        ("types", [tool("mypy")]),
        ("structure", [tool("lint-imports")]),
        (
            "tests",
            [tool("python"), "-m", "pytest", "-n", "3", "--dist=worksteal"] + arguments,
        ),
    ]
    for name, command in wanted:
        print("== " + name, flush=True)
        started = time.monotonic()
        code = call(command, compiled())
        print(
            "== {}: {} ({:.0f} s)".format(name, "ok" if code == 0 else "FAILED", time.monotonic() - started), flush=True
        )
        if code != 0:
            return 1
    return 0


def coverage(arguments):
    # type: (list[str]) -> int
    """The tests, with the lines that they reach counted, those of the processes that they start too. Takes longer."""
    counting = ["--cov", "--cov-config=pyproject.toml", "--cov-report=term", "--timeout=900"]
    return call([tool("python"), "-m", "pytest", "-n", "3", "--dist=worksteal"] + counting + arguments, compiled())


def demo(arguments):
    # type: (list[str]) -> int
    """The main job, on demonstration data or on a file of orders (--datos FILE)."""
    return call([tool("python"), "-m", "servitec_desktop.demo"] + arguments)


def migration(arguments):
    # type: (list[str]) -> int
    """The next migrations of both sides, from the difference between the model and the frozen files: NAME."""
    return call([tool("python"), "-m", "tools.migration"] + arguments)


def textos(arguments):
    # type: (list[str]) -> int
    """Bring the catalogues of texts to what the source says, and compile them; tells what waits for a translation."""
    code = call([tool("python"), "-m", "tools.textos"] + arguments)
    compile_texts()
    return code


def nothing(arguments):
    # type: (list[str]) -> int
    """The set-up alone."""
    return 0


def main(arguments):
    # type: (list[str]) -> int
    """Exit code: 0 done, 1 failed, 2 wrong usage."""
    commands = {"demo": demo, "test": test, "coverage": coverage, "migration": migration}
    commands |= {"textos": textos, "setup": nothing}
    if not arguments or arguments[0] not in commands:
        usage = "demo [--datos FILE] | test [pytest arguments] | coverage [pytest arguments] | migration NAME | textos"
        usage += " | setup"
        print("usage: python3 dev.py " + usage, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        set_up(with_postgres=arguments[0] in ("test", "coverage"))
        return commands[arguments[0]](arguments[1:])
    except Problem as problem:
        print("dev.py: " + str(problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev.py: interrupted.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
