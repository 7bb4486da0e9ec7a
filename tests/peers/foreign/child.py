# SPDX-License-Identifier: Apache-2.0
"""A program that a test starts, listens to, and never leaves behind."""
import os
import re
import signal
import subprocess
import threading
import time


class Child:
    """A process in a session of its own, with whatever it starts. Its lines, of both streams, are kept as they come."""

    def __init__(self, name, words, **options):
        self.name = name
        self.lines = []
        self._news = threading.Condition()
        self._closed = False
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                                         start_new_session=True, **options)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._signal(signal.SIGKILL)
        self._process.wait()

    def wait_for(self, pattern, seconds=120):
        """The match in the first line that has one. Fails when the program ends without it; the limit is a safety net."""
        limit = time.monotonic() + seconds
        seen = 0
        with self._news:
            while True:
                for line in self.lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                seen = len(self.lines)
                assert not self._closed, f'{self.name} ended without saying "{pattern}":\n{self.said()}'
                left = limit - time.monotonic()
                assert left > 0, f'{self.name} did not say "{pattern}" within {seconds} s:\n{self.said()}'
                self._news.wait(left)

    def ask_to_end(self, number=signal.SIGTERM, seconds=60):
        """Its exit code after the signal."""
        self._process.send_signal(number)
        return self.wait(seconds)

    def wait(self, seconds=300):
        """Its exit code; all its lines are there then."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f'{self.name} did not end within {seconds} s:\n{self.said()}') from None
        self._listener.join(10)
        return code

    def ended(self):
        return self._process.poll() is not None

    def said(self):
        return '\n'.join(self.lines[-40:])

    def _listen(self):
        for line in self._process.stdout:
            with self._news:
                self.lines.append(line.rstrip('\n'))
                self._news.notify_all()
        with self._news:
            self._closed = True
            self._news.notify_all()

    def _signal(self, number):
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass


def run(words, **options):
    """What a program that ends by itself printed; it must succeed."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, **options)
    assert done.returncode == 0, f'{words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}'
    return done.stdout
