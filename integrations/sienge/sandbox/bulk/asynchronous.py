"""The asynchronous mode of the bulk API: ask, poll, fetch the chunks for a day."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from integrations.sandbox.messages import Reply
from integrations.sienge.sandbox.call import Call
from integrations.sienge.sandbox.errors import ApiError
from integrations.sienge.sandbox.routes import Route, View
from integrations.sienge.sandbox.spec import documented_items

_DEFAULT_CHUNK_KB = 10_240
_LIFE = timedelta(days=1)


@dataclass(slots=True)
class Job:
    """A query being answered into files, so that its size costs no memory."""

    asked_on: date
    folder: Path
    polls_left: int
    done: threading.Event = field(default_factory=threading.Event)
    chunks: int = 0
    error: str | None = None

    def run(self, items: Iterator[bytes], chunk_bytes: int) -> None:
        """Write the chunks; whatever goes wrong becomes the job's error."""
        try:
            for chunk in _chunks(items, chunk_bytes):
                self.chunks += 1
                (self.folder / str(self.chunks)).write_bytes(chunk)
        except Exception as error:  # noqa: BLE001 - the asker learns of it by polling
            self.error = f"Erro ao processar a consulta: {type(error).__name__}"
        finally:
            self.done.set()


def _chunks(items: Iterator[bytes], chunk_bytes: int) -> Iterator[bytes]:
    """Group items into {"data":[...]} documents of about the size asked for."""
    held: list[bytes] = []
    size = 0
    any_sent = False
    for item in items:
        if held and size + len(item) > chunk_bytes:
            yield _document(held)
            any_sent, held, size = True, [], 0
        held.append(item)
        size += len(item)
    if held or not any_sent:
        yield _document(held)


def _document(items: list[bytes]) -> bytes:
    return b'{"data":[' + b",".join(items) + b"]}"


class Jobs:
    """The queries asked for, by identifier; closing removes their files."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._jobs: dict[str, Job] = {}

    def start(self, call: Call, items: Iterator[bytes]) -> str:
        """Begin answering a query aside and return its identifier."""
        identifier = call.world.new_uuid("async")
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="sienge-sandbox-")
        folder = Path(self._folder.name) / identifier
        folder.mkdir()
        job = Job(call.world.today, folder, call.switches.async_polls)
        chunk_bytes = (call.integer("_asyncChunkMaxSize") or _DEFAULT_CHUNK_KB) * 1024
        self._jobs[identifier] = job
        threading.Thread(target=job.run, args=(items, chunk_bytes), daemon=True).start()
        return identifier

    def find(self, call: Call) -> Job:
        """Return the job of a call; 404 when unknown or older than a day."""
        job = self._jobs.get(call.path["identifier"])
        if job is None or call.world.today > job.asked_on + _LIFE:
            raise ApiError(404)
        return job

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()


def maybe_asynchronous(view: View) -> View:
    """Make a streaming endpoint answer with an identifier when asked to with _async."""

    def answer(call: Call) -> Reply:
        if not call.flag("_async"):
            return view(call)
        reply = view(call)
        items = reply.items or iter(())
        if call.switches.spec_mode:
            items = documented_items(items)
        return Reply(payload={"identifier": call.jobs.start(call, items)})

    answer.__doc__ = view.__doc__
    return answer


def status(call: Call) -> Reply:
    """Answer Waiting, Processing, and Finished once enough polls came and it is done."""
    job = call.jobs.find(call)
    if job.polls_left > 0:
        job.polls_left -= 1
        is_first = job.polls_left == call.switches.async_polls - 1
        return Reply(payload={"status": "Waiting" if is_first else "Processing"})
    if not job.done.is_set():
        return Reply(payload={"status": "Processing"})
    if job.error:
        return Reply(payload={"status": "Failed", "error": job.error})
    return Reply(payload={"status": "Finished", "chunks": job.chunks})


def result(call: Call) -> Reply:
    """Answer with one chunk, counted from 1."""
    job, number = call.jobs.find(call), call.path_integer("chunk")
    if not job.done.is_set() or job.polls_left > 0 or not 1 <= number <= job.chunks:
        raise ApiError(404)
    return Reply(raw=(job.folder / str(number)).read_bytes())


ROUTES = [
    Route("GET", "/async/{identifier}", "async", status),
    Route("GET", "/async/{identifier}/result/{chunk}", "async", result),
]
