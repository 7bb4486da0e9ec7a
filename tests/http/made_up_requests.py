#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Has schemathesis make up requests from the API's description, and holds the answers against it.

usage: made_up_requests.py API_SERVER SCHEMATHESIS   exits 77 (skipped) where schemathesis is not installed

Not checked: that every request which fits the schema is accepted, for a design may fit and be incoherent.
"""
import os
import subprocess
import sys
import tempfile

CHECKS = ('not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,'
          'response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth')


def main(server, schemathesis):
    if not os.access(schemathesis, os.X_OK):
        print('skipped: no schemathesis; tests/http/install installs it')
        return 77
    with subprocess.Popen([server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running, \
            tempfile.TemporaryDirectory() as folder:
        address, token = running.stdout.readline().split()
        done = subprocess.run(
            [schemathesis, 'run', address + '/v1/openapi.json', '--header', 'Authorization: Bearer ' + token,
             '--phases', 'examples,coverage,fuzzing', '--checks', CHECKS, '--max-examples', '20', '--seed', '1',
             '--exclude-path-regex', '/events$', '--request-timeout', '60', '--no-color', '--continue-on-failure'],
            cwd=folder, check=False, env={**os.environ, 'SCHEMATHESIS_HOOKS': '', 'NO_PROXY': '127.0.0.1'})
        running.stdin.close()
        return done.returncode or running.wait()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
