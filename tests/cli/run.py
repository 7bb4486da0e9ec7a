#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a .test file: commands in the product's own language, with what they print and how they exit.

usage: run.py PROVECHO FILE.test           exits 1 and shows the difference where one is
       run.py --update PROVECHO FILE.test  writes what was printed into the file

    # A comment.
    $ provecho design --effect 0.7 --deviation 15
    ---- exit 0
    customers per arm  5,679
    ...

A block is a command line (a shell's, in an empty folder that the whole file shares, $CHECKOUT being the product's), a
line `----` or `---- exit N`, and the expected output, both streams, up to the next empty line. A line `...` stands for any
lines, and `~` within a line for any text.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def parse(text):
    """Yields (leading lines, command, exit code, expected lines)."""
    blocks, leading, lines = [], [], text.split('\n')
    at = 0
    while at < len(lines):
        if not lines[at].startswith('$ '):
            leading.append(lines[at])
            at += 1
            continue
        command = [lines[at][2:]]
        at += 1
        while not lines[at].startswith('----'):
            command.append(lines[at])
            at += 1
        code = int(lines[at].split('exit')[1]) if 'exit' in lines[at] else 0
        at += 1
        expected = []
        while at < len(lines) and lines[at] != '':
            expected.append(lines[at])
            at += 1
        blocks.append((leading, '\n'.join(command), code, expected))
        leading = []
    return blocks, leading


def pattern(expected):
    parts = []
    for line in expected:
        if line == '...':
            parts.append(r'(?:.*\n)*?')
        else:
            parts.append('.*?'.join(re.escape(part) for part in line.split('~')) + r'\n')
    return ''.join(parts) + r'\n*'


def main():
    arguments = sys.argv[1:]
    update = arguments[0] == '--update'
    provecho, path = arguments[1:] if update else arguments
    blocks, tail = parse(open(path).read())
    failures, written = 0, []
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, CHECKOUT=ROOT, LC_ALL='C.UTF-8',
                           PATH=os.path.dirname(os.path.abspath(provecho)) + ':' + os.environ['PATH'])
        for leading, command, code, expected in blocks:
            done = subprocess.run(['bash', '-c', command], cwd=folder, env=environment, text=True, timeout=120,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            output = '\n'.join(line.rstrip() for line in done.stdout.split('\n'))
            good = done.returncode == code and re.fullmatch(pattern(expected), output.rstrip('\n') + '\n') is not None
            if not good and not update:
                failures += 1
                print(f'{path}: $ {command}\n--- expected, exit {code}\n' + '\n'.join(expected) +
                      f'\n--- got, exit {done.returncode}\n{output}')
            kept = expected if good else [line or '...' for line in output.rstrip('\n').split('\n')]
            marker = '----' if done.returncode == 0 else f'---- exit {done.returncode}'
            written += leading + ['$ ' + command, marker] + kept
    if update:
        open(path, 'w').write('\n'.join(written + tail))
    elif failures:
        print(f'To accept what was printed: {sys.argv[0]} --update {provecho} {path}')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
