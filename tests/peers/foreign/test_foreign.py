#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs that are not ours take part in an experiment, on an Apache Kafka, from its start by HTTP to its verdict.

usage: test_foreign.py PROVECHO JARS java|kcat

java: Candidate.java, a plain Kafka client, is the candidate. Every one of its decisions is decided again here.
kcat: a pipeline of kcat (always_show) is the candidate; before it, kcat sends all that can be wrong with a decision.
Exits with 77 where Java, kcat or Kafka's jars are not installed.
"""
import contextlib
import hashlib
import json
import math
import os
import shutil
import signal
import socket
import statistics
import sys
import tempfile

from child import Child, run
from served_platform import ServedPlatform

HERE = os.path.dirname(os.path.abspath(__file__))
SALT = 'foreign-2'  # Puts customer 1 into the candidate's arm.
# No decision may be late: a machine that is a hundred times slower than usual still answers within a minute.
DEADLINE_MS = 60_000
POINTS = {'cat28': 3, 'cat18': 2, 'cat77': 1, 'cat66': 1, 'cat16': -1, 'cat49': -1, 'cat24': -2, 'cat33': -2}  # As in Candidate.java.


def java_rule(customer):
    points = 3 * customer['man'] + (customer['age'] >= 35) + sum(points * customer[name] for name, points in POINTS.items())
    return int(points >= 3)


def arm_of(uuid):
    """As the assignment is documented: the first 8 bytes of a SHA-256, half of them the base's."""
    draw = hashlib.sha256(f'{SALT}\x1farm\x1f{uuid}'.encode()).digest()[:8]
    return 'base' if int.from_bytes(draw, 'big') < 2**63 else 'candidate'


def start_experiment(platform, name):
    """Its id and the tokens of both systems."""
    promise = {'alpha': 0.05, 'power': 0.8, 'effect': 3, 'deviation': 15}
    customers = platform.post('/v1/designs:solve', promise)['customers']['base']
    made = platform.post('/v1/experiments', {'name': name, 'design': promise | {'customers': customers}, 'salt': SALT,
                                             'decision_deadline_ms': DEADLINE_MS})
    assert made['state'] == 'draft', made
    assert platform.post(f"/v1/experiments/{made['id']}:validate")['may_start']
    started = platform.post(f"/v1/experiments/{made['id']}:start")
    print(f"experiment {made['id']} runs with {customers} customers an arm")
    return made['id'], customers, started['tokens']


def let_customers_come(provecho, platform, experiment):
    """The results at the verdict."""
    print(run([provecho, 'shop', 'run', '--brokers', platform.first, '--open', '50', '--stop-after-unsampled', '100']).strip())

    def at_the_verdict():
        results = platform.get(f'/v1/experiments/{experiment}/results')
        return results if results['verdict']['final'] else None

    results = platform.wait_until('the verdict', at_the_verdict)
    print(results['verdict']['sentence'])
    return results


def check_results(results, target, sessions):
    """What HTTP says of an experiment in which both systems decided for everybody, in time."""
    assert results['experiment']['state'] == 'complete', results['experiment']
    assert results['verdict']['kind'] in ('better_by_effect', 'better', 'worse', 'not_better_by_effect', 'inconclusive'), results['verdict']
    assert results['verdict']['alarms'] == [], results['verdict']['alarms']
    candidate, base = results['systems']['candidate'], results['systems']['base']
    print(f"candidate: {candidate['decisions']} decisions for {results['sessions']['total']} sessions, {candidate['timeouts']} time-outs, "
          f"{candidate['late']} late, {candidate['latency_p50_ms']:.1f} ms at the median, {candidate['latency_p99_ms']:.1f} ms at the 99th")
    assert results['sessions'] == {'open': 0, 'total': sessions, 'timed_out': 0}, results['sessions']
    for system in (candidate, base):
        assert system['decisions'] == sessions, system
        assert (system['timeouts'], system['late'], system['missing']) == (0, 0, 0), system
    for arm in results['arms'].values():
        assert arm['target'] == target <= arm['closed'] == arm['enrolled'], arm


def check_store(platform, experiment, results, decided):
    """The same from the store: who was assigned, what was decided and executed, what it earned. decided: uuid → the candidate's value."""
    rows = platform.stored(f'SELECT * FROM session WHERE experiment = {experiment}')
    assert len(rows) == results['sessions']['total'], len(rows)
    assert len({row['customer'] for row in rows if row['counted']}) == len(rows), 'a customer came twice, or does not count'
    for row in rows:
        assert row['arm'] == arm_of(row['customer']), row
        assert row['candidate_value'] == decided(row['customer']) and not row['candidate_late'], row
        assert row['reason'] == 'decision' and row['executed_value'] == row[row['arm'] + '_value'], row
        assert row['closing'] == 'revenue' and 0 <= row['revenue_cents'] <= 1_000_000, row
    revenue = {arm: [row['revenue_cents'] / 100 for row in rows if row['arm'] == arm] for arm in ('base', 'candidate')}
    estimate = statistics.fmean(revenue['candidate']) - statistics.fmean(revenue['base'])
    error = math.sqrt(sum(statistics.variance(amounts) / len(amounts) for amounts in revenue.values()))
    figures = results['verdict']['figures']
    assert math.isclose(figures['estimate'], estimate, abs_tol=1e-9), (figures, estimate)
    assert math.isclose(figures['standard_error'], error, rel_tol=1e-9), (figures, error)
    verdict = platform.stored(f'SELECT * FROM verdict WHERE experiment = {experiment}')
    assert len(verdict) == 1 and verdict[0]['word'] == results['verdict']['word'], verdict
    shown = {arm: sum(row['executed_value'] for row in rows if row['arm'] == arm) for arm in revenue}
    print(f"store: {len(revenue['base'])} and {len(revenue['candidate'])} customers, {shown['base']} and {shown['candidate']} were shown "
          f'the offer, {estimate:+.2f} ± {error:.2f} $')
    return rows


def java_joins_in(provecho, jars, platform):
    classes = f'{platform.folder}/classes'
    run(['javac', '-Xlint:all,-path', '-Werror', '-cp', f'{jars}/*', '-d', classes, f'{HERE}/Candidate.java'])
    experiment, target, tokens = start_experiment(platform, 'A candidate in Java')
    command = ['java', '-Xmx128m', '-cp', f'{classes}:{jars}/*', 'Candidate', platform.second, tokens['candidate']]
    with Child('the Java candidate', command) as candidate:
        talks_to = candidate.wait_for(r'^talking to (\S+)$').group(1)
        assert talks_to.rsplit(':')[-1] == platform.second.rsplit(':')[-1], f'sent on to {talks_to}, not {platform.second}'
        candidate.wait_for(r'^reading \d+ partitions$')
        results = let_customers_come(provecho, platform, experiment)
        sessions = results['sessions']['total']
        check_results(results, target, sessions)
        assert platform.counters(experiment, 'student_prediction') == {'recorded': sessions}
        candidate.ask_to_end()
        decisions, shown, left_over = map(int, candidate.wait_for(r'^(\d+) decisions, (\d+) to show, (\d+) halves left over$').groups())
    print(f'Java: {decisions} decisions, {shown} to show')
    assert (decisions, left_over) == (sessions, 0)

    customers = platform.customers()
    rows = check_store(platform, experiment, results, lambda uuid: java_rule(customers[uuid]))
    assert sum(row['candidate_value'] for row in rows) == shown
    assert 0.1 * sessions < shown < 0.9 * sessions, 'the rule decides nothing'
    assert platform.post(f'/v1/experiments/{experiment}:conclude')['state'] == 'concluded'
    platform.stop()


# What a program may send by mistake for customer 1, who has an open session, and what the platform calls it. The decision
# that is right at last is written as Python prints a dict.
MISTAKES = [
    ("{{'uuid': 1, 'value': 1, 'token': '23u84023u4h0'}}", 'malformed_token'),
    ('{{"uuid": 1, "value": 1, "token": "{base}"}}', 'wrong_system'),
    ('{{"uuid": 1, "value": 1}}', 'missing_field'),
    ('{{"uuid": 1, "value": 1, "token": "{candidate}"', 'not_json'),
    ('{{"uuid": 1, "value": 2, "token": "{candidate}"}}', 'out_of_range'),
    ('{{"uuid": "one", "value": 1, "token": "{candidate}"}}', 'wrong_type'),
    ('[1, 1, "{candidate}"]', 'not_object'),
    ('{{"uuid": 404, "value": 1, "token": "{candidate}"}}', 'unknown_customer'),
]
RIGHT = "{{'uuid': 1, 'value': 1, 'token': '{candidate}'}}"
SECOND = '{{"uuid": 1, "value": 0, "token": "{candidate}"}}'
SESSION = {'uuid': 1, 'session': 900_000_001}


def produce(platform, values, topic='topic_student_prediction'):
    """In this order: all have one key, so they share a partition."""
    run(['kcat', '-P', '-b', platform.second, '-t', topic, '-k', '1'], input=''.join(value + '\n' for value in values))


def rejected(platform):
    """topic_rejected from its beginning to its end: (reason, topic it came by, key, value)."""
    records = []
    for line in run(['kcat', '-C', '-q', '-e', '-J', '-b', platform.second, '-t', 'topic_rejected']).splitlines():
        record = json.loads(line)
        headers = dict(zip(record['headers'][::2], record['headers'][1::2]))
        assert headers.keys() == {'topic', 'partition', 'offset', 'reason'}, headers
        records.append((headers['reason'], headers['topic'], record['key'], record['payload']))
    return sorted(records)


def mistakes_are_set_aside(platform, experiment, tokens):
    """What became of the messages on the candidate's topic (outcome → records), and what lies on topic_rejected."""
    opened = platform.post('/v1/sessions', SESSION)
    assert opened['outcome'] == 'sampled', opened
    mistakes = [(text.format(**tokens), outcome) for text, outcome in MISTAKES]
    expected = {outcome: 1 for _, outcome in mistakes} | {'recorded': 1, 'duplicate': 1}
    second = SECOND.format(**tokens)
    produce(platform, [text for text, _ in mistakes] + [RIGHT.format(**tokens), second])

    def counted(so_many):
        counters = platform.counters(experiment, 'student_prediction')
        return counters if sum(counters.values()) >= so_many else None

    found = platform.wait_until('all of them are counted', lambda: counted(len(expected)))
    assert found == expected, found
    decision = platform.get('/v1/sessions/900000001/decision?wait_ms=30000')
    print(f'customer 1: {decision}')
    assert decision == SESSION | {'value': 1, 'system': 'candidate', 'reason': 'decision'}, decision

    # Nothing is known of customer 1, so the base here says nothing of its own; the session ends, and a decision is too many.
    produce(platform, [SECOND.format(candidate=tokens['base'])], 'topic_base_prediction')
    platform.wait_until("the base's decision", lambda: platform.counters(experiment, 'base_prediction') == {'recorded': 1})
    revenue = {'uuid': 1, 'revenue': 23.45, 'accepted': 1}
    assert platform.post('/v1/sessions/900000001/revenue', revenue)['outcome'] == 'recorded'
    produce(platform, [second])
    expected |= {'no_open_session': 1}
    found = platform.wait_until('the last of them is counted', lambda: counted(len(expected)))
    assert found == expected, found
    for outcome in expected:
        platform.wait_until(f'{outcome} in /metrics', lambda: platform.metric('student_prediction', outcome) == 1)

    # Set aside as they came, with the reason. What was taken, or repeats what is known, is not. Both pipelines of the
    # enrichment set aside whom they do not know.
    mistakes.append((second, 'no_open_session'))
    unknown = ('unknown_customer', 'topic_sampled', '1', json.dumps(SESSION))
    wanted = sorted([(outcome, 'topic_student_prediction', '1', text) for text, outcome in mistakes] + 2 * [unknown])
    aside = platform.wait_until('all are on topic_rejected', lambda: len(now := rejected(platform)) >= len(wanted) and now)
    assert aside == wanted, aside
    print('topic_rejected: ' + ', '.join(f'{reason} ({topic})' for reason, topic, *_ in aside))
    assert platform.get('/healthz'), 'the platform is unwell'
    return expected, aside


def kcat_joins_in(provecho, _, platform):
    experiment, target, tokens = start_experiment(platform, 'A candidate of pipes')
    counted, aside = mistakes_are_set_aside(platform, experiment, tokens)
    with Child('the kcat candidate', [f'{HERE}/always_show', platform.second, tokens['candidate']]) as candidate:
        candidate.wait_for('assigned')
        results = let_customers_come(provecho, platform, experiment)
    sessions = results['sessions']['total']
    check_results(results, target, sessions)
    decisions = platform.counters(experiment, 'student_prediction')
    print(f'decisions: {decisions}')
    assert decisions == counted | {'recorded': sessions}, decisions
    rows = check_store(platform, experiment, results, lambda uuid: 1)
    assert [row['revenue_cents'] for row in rows if row['customer'] == 1] == [2345]
    assert rejected(platform) == aside, 'more was rejected while the customers came'
    platform.stop()


def occupy_controller_port():
    """As another Kafka does that keeps to the usual port of its controller; ours must not mind."""
    with contextlib.suppress(OSError):  # It is taken already.
        return socket.create_server(('127.0.0.1', 20093))
    return contextlib.nullcontext()


def main():
    provecho, jars, client = sys.argv[1:]
    programs = {'java': ['java', 'javac'], 'kcat': ['java', 'kcat', 'bash']}[client]
    missing = [name for name in programs if shutil.which(name) is None]
    if not os.path.exists(f'{jars}/.complete'):
        missing.append(f'Kafka in {jars} (tools/kafka/install {jars})')
    if missing:
        print(f"skipped, not installed: {', '.join(missing)}")
        return 77
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # The children are ended on the way out.
    with (occupy_controller_port(), tempfile.TemporaryDirectory(prefix='foreign-') as folder,
          ServedPlatform(provecho, jars, folder) as platform):
        {'java': java_joins_in, 'kcat': kcat_joins_in}[client](provecho, jars, platform)
    return 0


if __name__ == '__main__':
    sys.exit(main())
