# SPDX-License-Identifier: Apache-2.0
"""`provecho serve --kafka` in a folder of its own and on free ports, spoken to by HTTP alone, its store read by SQLite alone."""
import csv
import json
import signal
import sqlite3
import time
import urllib.error
import urllib.request

from child import Child, run


class ServedPlatform:
    """Holds an Apache Kafka, the platform, both enrichment pipelines and a base system that knows age and sex."""

    def __init__(self, provecho, jars, folder):
        self.folder = folder
        self.customers_csv = f'{folder}/customers.csv'
        run([provecho, 'shop', 'customers', '--rows', '3000', '--output', self.customers_csv])
        run([provecho, 'shop', 'training-data', '--rows', '3000', '--output', f'{folder}/train.csv'])
        run([provecho, 'train', f'{folder}/train.csv', '--target', 'bought', '--features', 'age,man,woman', '--threshold', '0.5',
             '--output', f'{folder}/base.pmml'])
        self._serve = Child('provecho serve', [
            provecho, '--log', 'info', 'serve', '--folder', f'{folder}/serve', '--port', '0', '--customers', self.customers_csv,
            '--base', f'{folder}/base.pmml', '--kafka', '--kafka-jars', jars, '--kafka-port', '0', '--kafka-second-port', '0'])

    def __enter__(self):
        try:
            self.first, self.second = self._serve.wait_for(r'^Addresses: +([\d.]+:\d+),([\d.]+:\d+)$').groups()
            self.page = self._serve.wait_for(r'^Page: +(http://[\d.]+:\d+)$').group(1)
        except BaseException:
            self._serve.__exit__()
            raise
        print(f'Kafka at {self.first} and {self.second}, page at {self.page}')
        return self

    def __exit__(self, failure, *_):
        if failure:
            print(f'provecho serve said last:\n{self._serve.said()}')
        self._serve.__exit__()

    def stop(self):
        """As Ctrl-C does; Kafka and the store are closed in order."""
        code = self._serve.ask_to_end(signal.SIGINT)
        assert code == 0, f'provecho serve ended with {code}:\n{self._serve.said()}'

    def get(self, path):
        return self._ask('GET', path)

    def post(self, path, body=None):
        return self._ask('POST', path, body)

    def counters(self, experiment, topic):
        """Of one topic: outcome → records."""
        counters = self.get(f'/v1/experiments/{experiment}/results')['counters']
        return {row['outcome']: row['count'] for row in counters if row['topic'] == topic}

    def metric(self, topic, outcome):
        """The same from /metrics, of the first experiment."""
        with urllib.request.urlopen(f'{self.page}/metrics', timeout=60) as answer:
            wanted = f'provecho_trial_records_total{{experiment="1",topic="{topic}",outcome="{outcome}"}} '
            lines = [line for line in answer.read().decode().splitlines() if line.startswith(wanted)]
        return int(lines[0].removeprefix(wanted)) if lines else 0

    def wait_until(self, what, condition, seconds=120):
        """Asks until the condition gives something true, which is returned; the limit is a safety net."""
        limit = time.monotonic() + seconds
        while not (answer := condition()):
            assert time.monotonic() < limit, f'not within {seconds} s: {what}'
            assert not self._serve.ended(), f'provecho serve ended before {what}'
            time.sleep(0.05)
        return answer

    def customers(self):
        """What the enrichment knows: uuid → column → number."""
        with open(self.customers_csv, newline='') as file:
            rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
        return {row['uuid']: row for row in rows}

    def stored(self, query):
        with sqlite3.connect(f'file:{self.folder}/serve/provecho.db?mode=ro', uri=True) as store:
            store.row_factory = sqlite3.Row
            return [dict(row) for row in store.execute(query)]

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.page + path, data=data, method=method, headers={'Content-Type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f'{method} {path} was refused: {refusal.code} {refusal.read().decode()}') from None
