"""A real browser for tests: Chromium, if it is installed, driven over a pipe. Nothing else is needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
_OPTIONS: Final = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
]


# A rectangle of the page: `x`, `y`, `width`, `height` and the like.
Box = dict[str, float]


class Browser:
    """One page of a browser."""

    def __init__(self, commands: int, replies: int) -> None:
        self._commands, self._replies = commands, replies
        self._left = b""
        self._numbers = count(1)
        self._session = ""
        self.requested: list[str] = []
        self.logged: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the DevTools protocol, and return its result."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        return self._until(lambda reply: reply.get("id") == number)

    def _until(self, wanted: Any) -> dict[str, Any]:
        while True:
            reply = self._next()
            if reply.get("method") == "Network.requestWillBeSent":
                self.requested.append(reply["params"]["request"]["url"])
            elif reply.get("method") == "Log.entryAdded":
                self.logged.append(reply["params"]["entry"]["text"])
            elif reply.get("method") == "Runtime.exceptionThrown":
                self.logged.append(json.dumps(reply["params"]))
            if wanted(reply):
                assert "error" not in reply, reply
                result: dict[str, Any] = reply.get("result", {})
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._replies, 1 << 20)
            assert part, "the browser ended"
            self._left += part
        message, _, self._left = self._left.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def show(self, page: Path, width: int, height: int = 900, dark: bool = False, media: str = "screen") -> None:
        """Open a page in a window of a size."""
        self.requested.clear()
        self.logged.clear()
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])
        # The same address again would only scroll.
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=page.as_uri())
        self._until(
            lambda reply: reply.get("method") == "Page.loadEventFired" and self.run("location.href") == page.as_uri()
        )

    def run(self, script: str) -> Any:
        """Return the value of an expression of JavaScript in the page."""
        done = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        box = self.run(
            f"(() => {{ const at = document.querySelector({json.dumps(selector)}); at.scrollIntoView({{block: 'center'}});"
            " const box = at.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.send("Input.insertText", text=text)

    def picture(self, path: Path | None = None, box: Box | None = None) -> Picture:
        """Return a picture of what is visible, or of a part of the whole page."""
        clip = {"clip": {"scale": 1, **{name: box[name] for name in ("x", "y", "width", "height")}}} if box else {}
        done = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=box is not None, **clip)
        data = base64.b64decode(done["data"])
        if path is not None:
            path.write_bytes(data)
        return Picture(data)

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        return base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])


class Picture:
    """The pixels of a PNG file of 8 bits per channel, without interlacing."""

    def __init__(self, data: bytes) -> None:
        self.width, self.height, depth, kind = struct.unpack(">IIBB", data[16:26])
        assert depth == 8
        self.data = data
        self._size = {2: 3, 6: 4}[kind]
        self._lines: list[bytes] = []
        self._rest = self._decoded()

    def _decoded(self) -> Iterator[bytes]:
        data, found, place = self.data, b"", 8
        while place < len(data):
            (length,) = struct.unpack(">I", data[place : place + 4])
            if data[place + 4 : place + 8] == b"IDAT":
                found += data[place + 8 : place + 8 + length]
            place += 12 + length
        pixels = zlib.decompress(found)
        size, length = self._size, self._size * self.width
        above = bytes(length)
        for start in range(0, len(pixels), length + 1):
            kind, line = pixels[start], bytearray(pixels[start + 1 : start + 1 + length])
            for index in range(length) if kind else ():
                left = line[index - size] if index >= size else 0
                corner = above[index - size] if index >= size else 0
                line[index] = (line[index] + _predicted(kind, left, above[index], corner)) & 0xFF
            above = bytes(line)
            yield above

    def at(self, x: float, y: float) -> tuple[int, int, int]:
        """Return the colour of a pixel."""
        start = self._size * int(x)
        # Only as much is decoded as somebody looks at.
        while len(self._lines) <= int(y):
            self._lines.append(next(self._rest))
        red, green, blue = self._lines[int(y)][start : start + 3]
        return red, green, blue

    def row(self, y: float, left: float, right: float) -> list[tuple[int, int, int]]:
        """Return the colours of a line of pixels."""
        return [self.at(x, y) for x in range(int(left), int(right))]


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return above
    if kind == 3:
        return (left + above) // 2
    guess = left + above - corner
    return min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))[2]


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own in a folder, and end it."""
    assert CHROMIUM is not None
    for_browser, commands = os.pipe()
    replies, of_browser = os.pipe()
    # The browser reads commands from descriptor 3, and writes to 4.
    script = f'exec 3<&{for_browser} 4>&{of_browser}; exec "$@"'
    command = ["bash", "-c", script, "chromium", CHROMIUM, *_OPTIONS, f"--user-data-dir={folder}/chromium"]
    process = subprocess.Popen(
        command, pass_fds=(for_browser, of_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(for_browser)
    os.close(of_browser)
    try:
        yield Browser(commands, replies)
    finally:
        os.close(commands)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(replies)
