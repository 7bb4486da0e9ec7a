#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the rooms of src/ to the arrows written in src/ROOMS.

usage: check_rooms.py SRC      exits 1 and says each breach on a line of its own
"""
import pathlib
import re
import sys

BANNED = re.compile(r'(^|_)(utils?|helpers?|common|misc)(_|\.|$)')
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def read_rooms(path):
    """Yields (room, allowed) in the order of the file."""
    for line in path.read_text().splitlines():
        line = line.split('#')[0].strip()
        if line:
            room, _, allowed = line.partition(':')
            yield room.strip(), allowed.split()


def check(src):
    breaches = []
    allowed = {}
    for room, may in read_rooms(src / 'ROOMS'):
        for other in may:
            if other not in allowed:
                breaches.append(f"ROOMS: '{room}' names '{other}', which is not listed above it: arrows point up only")
        if room in allowed:
            breaches.append(f"ROOMS: '{room}' is listed twice")
        allowed[room] = set(may)
    folders = {p.name for p in src.iterdir() if p.is_dir()}
    breaches += [f"src/{name}: no line in ROOMS" for name in sorted(folders - set(allowed))]
    for path in sorted(src.rglob('*')):
        if not path.is_file() or path.suffix not in ('.h', '.cc', '.inc'):
            continue
        relative = path.relative_to(src)
        room = relative.parts[0]
        if BANNED.search(path.name) or any(BANNED.search(part) for part in relative.parts):
            breaches.append(f'{relative}: name the concept, not its usefulness')
        for included in INCLUDE.findall(path.read_text()):
            other = included.split('/')[0]
            if '/' not in included or not (src / included).exists():
                breaches.append(f'{relative}: "{included}" is not a file under src/')
            elif other != room and other not in allowed.get(room, ()):
                breaches.append(f"{relative}: room '{room}' may not include '{included}'")
            elif other != room and '/detail/' in included:
                breaches.append(f"{relative}: '{included}' is private to room '{other}'")
    return breaches


def main():
    breaches = check(pathlib.Path(sys.argv[1]))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == '__main__':
    sys.exit(main())
