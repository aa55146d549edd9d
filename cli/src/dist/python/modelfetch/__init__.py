"""Gets AI models and datasets from whichever hub answers first, verified.

    >>> from modelfetch import fetch
    >>> path = fetch("Qwen/Qwen2.5-0.5B-Instruct", weights="best")

Every import that takes time is made where it is needed: the command ``fetch`` comes by here, too.
"""

from __future__ import annotations

from . import _launch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike
    from pathlib import Path
    from typing import Any, NoReturn

__all__ = [
    "AccessDenied",
    "FetchError",
    "NotFound",
    "NotStored",
    "StorageFailed",
    "Undelivered",
    "UsageError",
    "WrongBytes",
    "fetch",
]


class FetchError(Exception):
    """A fetch that failed. Its text says what happened, at which host, and what to do.

    ``code`` is the exit code of the command line, ``kind`` a word for it, ``hint`` what to do, and ``probes`` who was
    asked and what they answered. Raised itself only for an unexpected failure, which is a bug.
    """

    def __init__(self, code: int, kind: str, message: str, hint: str, probes: list[Mapping[str, Any]]) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code = code
        self.kind = kind
        self.message = message
        self.hint = hint
        self.probes = probes

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.kind, self.message, self.hint, self.probes)


class UsageError(FetchError):
    """The request, or a setting, makes no sense."""


class NotFound(FetchError):
    """The repository, revision or file does not exist at any source that was allowed."""


class AccessDenied(FetchError):
    """Authentication is needed or was refused."""


class Undelivered(FetchError):
    """Nobody could be reached or could deliver. The same call goes on where this one stopped."""


class WrongBytes(FetchError):
    """The bytes of every source failed their digest."""


class StorageFailed(FetchError):
    """No room, no permission, or an unsafe path on this machine."""


class NotStored(FetchError):
    """Offline or locked, and what is stored does not do."""


_BY_CODE = {
    2: UsageError,
    3: NotFound,
    4: AccessDenied,
    5: Undelivered,
    6: WrongBytes,
    7: StorageFailed,
    8: NotStored,
}


def fetch(
    repo: str,
    *files: str,
    revision: str | None = None,
    repo_type: str | None = None,
    source: str | None = None,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    weights: str | None = None,
    gguf: str | None = None,
    config_only: bool = False,
    local_dir: str | PathLike[str] | None = None,
    cache_dir: str | PathLike[str] | None = None,
    token: str | None = None,
    offline: bool = False,
    force: bool = False,
    quiet: bool = False,
    options: Iterable[str] = (),
) -> Path:
    """Fetches a repository, or files of it, and returns where it is: the snapshot, or the file if one was named.

    Arguments mean what the options of the same names mean on the command line; ``options`` are further ones, such as
    ``["--limit-rate", "20M"]``. Progress goes to standard error. ``token`` is never visible to other processes.

    Raises a subclass of :class:`FetchError` for each exit code, and :class:`KeyboardInterrupt` when interrupted; what
    was fetched so far is kept for the next call.
    """
    from pathlib import Path

    words = ["download", "--json"]
    for name, value in (
        ("revision", revision),
        ("repo-type", repo_type),
        ("source", source),
        ("weights", weights),
        ("gguf", gguf),
        ("local-dir", local_dir),
        ("cache-dir", cache_dir),
        ("token", None if token is None else "-"),
    ):
        if value is not None:
            words.append(f"--{name}={value}")
    for name, patterns in (("include", include), ("exclude", exclude)):
        words += [f"--{name}={pattern}" for pattern in ([patterns] if isinstance(patterns, str) else patterns)]
    for name, wanted in (("config-only", config_only), ("offline", offline), ("force", force), ("quiet", quiet)):
        if wanted:
            words.append(f"--{name}")
    code, answer = _run([*words, *options, "--", repo, *files], token)
    if code == 0:
        return Path(answer["path"])
    _raise(code, answer)


def _run(words: list[str], token: str | None) -> tuple[int, dict[str, Any]]:
    """Runs the program; returns its exit code and the object it printed."""
    import json
    import subprocess

    command, environment = _launch.command(words)
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL if token is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        out, _ = process.communicate(None if token is None else token.encode())
    except BaseException:
        # It puts its state in order, which takes less than a second.
        process.terminate()
        process.wait()
        raise
    lines = out.decode("utf-8", "replace").splitlines()
    return process.returncode, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def _raise(code: int, answer: Mapping[str, Any]) -> NoReturn:
    if code in (130, 143) or code < 0:
        raise KeyboardInterrupt
    error = answer.get("error", {})
    raise _BY_CODE.get(code, FetchError)(
        code,
        error.get("kind", "unexpected"),
        error.get("message", f"The program ended with {code}; it says above why."),
        error.get("hint", ""),
        answer.get("probes", []),
    )
