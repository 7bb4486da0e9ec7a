#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""page.py PROVECHO FOLDER: a whole experiment runs as fast as it can while several clients ask for its results; prints sessions a
second, the decisions' latency as the platform measured it, and the API's, with and without the load."""
import http.client
import re
import subprocess
import sys
import threading
import time

CLIENTS = 4


def ask(port, path, seconds, times, stop):
    connection = http.client.HTTPConnection('127.0.0.1', port)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until and not stop.is_set():
        start = time.perf_counter()
        connection.request('GET', path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200 and body:
            times.append(time.perf_counter() - start)
        time.sleep(0.005)
    connection.close()


def measure(port, path, seconds):
    """Milliseconds of p50 and p99 over all clients, and how many answers."""
    stop, times = threading.Event(), []
    clients = [threading.Thread(target=ask, args=(port, path, seconds, times, stop)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    times.sort()
    if not times:
        return 0, 0, 0
    return 1000 * times[len(times) // 2], 1000 * times[int(len(times) * 0.99)], len(times)


def main():
    provecho, folder = sys.argv[1:3]
    demo = subprocess.Popen([provecho, 'demo', '--fresh', '--folder', folder, '--port', '0', '--rate', '0', '--rows', '50000', '--held-out',
                             '20000', '--effect', '0.3', '--open', '200'], stdout=subprocess.PIPE, text=True)
    port, said, busy = None, [], None
    for line in demo.stdout:
        said.append(line)
        if found := re.match(r'Page: +http://[\d.]+:(\d+)', line):
            port = int(found.group(1))
        if line.startswith('4 '):
            time.sleep(1)
            busy = measure(port, '/v1/experiments/1/results', 10)
        if line.startswith('The page stays up'):
            break
    idle = measure(port, '/v1/experiments/1/results', 5)
    demo.terminate()
    demo.wait()
    text = ''.join(said)
    sessions, seconds = re.search(r'([\d,]+) sessions in ([\d.]+) s', text).groups()
    rate = int(sessions.replace(',', '')) / float(seconds)
    rows = re.findall(r'^(base|candidate) .*?([\d.]+) ms +([\d.]+) ms', text, re.M)
    print(f'| sessions, all in one process with both systems | {sessions} in {seconds} s: {rate:.0f} a second |')
    print('| --- | --- |')
    for system, p50, p99 in rows:
        print(f'| {system}: from the session\'s opening to its decision, 200 open at a time | p50 {p50} ms, p99 {p99} ms |')
    print(f'| results by HTTP meanwhile, {CLIENTS} clients | p50 {busy[0]:.2f} ms, p99 {busy[1]:.2f} ms of {busy[2]:,} |')
    print(f'| the same when nothing else goes on | p50 {idle[0]:.2f} ms, p99 {idle[1]:.2f} ms of {idle[2]:,} |')


if __name__ == '__main__':
    main()
