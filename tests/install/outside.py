#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the PMML library into an empty folder and uses it from outside the tree, as its users do.

In C++ and C through find_package, in C through pkg-config, in Python through ctypes; each installed header alone; what
the shared library shows. Exits 1 at the first thing that fails.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

CPP_SAYS = 'P(yes) = 0.534943, offer = 1\n63327 of 100000 customers are shown the offer\n'
C_SAYS = '''input age: integer, 0 categories
input city: string, 3 categories
input visits: double, 0 categories
output bought_predicted: string
output probability_yes: double
output offer: integer
bought_predicted = yes
probability_yes = 0.5349429451582145
offer = 1
P(yes) = 0.512497 0.524979 0.413382
'''


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    if done.returncode != 0:
        print('$', *command)
        print(done.stdout)
        sys.exit(1)
    return done.stdout


def expect(what, found, wanted):
    if found != wanted:
        print(f'{what}\n--- expected\n{wanted}\n--- got\n{found}')
        sys.exit(1)


def build_example(o, name, work, stage, flags):
    source = work / name
    shutil.copytree(o.source / 'examples' / name, source)
    run(o.cmake, '-S', source, '-B', work / f'{name}_build', '-DCMAKE_BUILD_TYPE=Release', f'-DCMAKE_PREFIX_PATH={stage}',
        f'-DCMAKE_C_COMPILER={o.cc}', f'-DCMAKE_CXX_COMPILER={o.cxx}', f'-DCMAKE_CXX_FLAGS={flags}',
        f'-DCMAKE_C_FLAGS={flags}')
    run(o.cmake, '--build', work / f'{name}_build')
    return work / f'{name}_build'


def headers_stand_alone(o, stage, work):
    include = stage / 'include' / 'provecho'
    headers = sorted(include.rglob('*.h'))
    for room in {header.relative_to(include).parts[0] for header in headers}:
        if room not in ('base', 'pmml', 'pmml.h'):
            print(f'installed of another room: {room}')
            sys.exit(1)
    for header in headers:
        is_c = header.name == 'pmml.h'
        name = 'provecho/pmml.h' if is_c else str(header.relative_to(include))
        file = work / ('alone.c' if is_c else 'alone.cc')
        file.write_text(f'#include "{name}"\n#include "{name}"\n')
        compiler = [o.cc, '-std=c99', '-I', stage / 'include'] if is_c else [o.cxx, '-std=c++20', '-I', include]
        run(*compiler, '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only', file)


def shows_only_its_interface(library):
    symbols = [line.split()[-1].split('@')[0] for line in run('nm', '-D', '--defined-only', library).splitlines()]
    foreign = [symbol for symbol in symbols if not symbol.startswith('provecho_pmml_') and symbol != 'PROVECHO_PMML_1']
    expect('symbols of the shared library that are not its interface', foreign, [])
    dynamic = run('objdump', '-p', library)
    expect('SONAME', [line.split()[1] for line in dynamic.splitlines() if 'SONAME' in line], ['libprovecho_pmml.so.1'])


def main():
    parser = argparse.ArgumentParser()
    for name in ('cmake', 'build', 'source', 'cc', 'cxx'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--flags', default='')
    o = parser.parse_args()
    o.source = pathlib.Path(o.source)
    # A library that was built with a sanitizer is used by programs that have it too.
    flags = ' '.join(flag for flag in o.flags.split() if flag.startswith('-fsanitize'))
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        stage = work / 'stage'
        run(o.cmake, '--install', o.build, '--prefix', stage, '--component', 'pmml')
        library = next(stage.rglob('libprovecho_pmml.so.1'))
        model = o.source / 'examples' / 'score' / 'model.pmml'
        headers_stand_alone(o, stage, work)
        shows_only_its_interface(library)
        expect('examples/score', run(build_example(o, 'score', work, stage, flags) / 'score', model), CPP_SAYS)
        expect('examples/c', run(build_example(o, 'c', work, stage, flags) / 'score_c', model), C_SAYS)
        if not flags:
            # Python itself has no sanitizer in it, and could not load the library.
            run(sys.executable, pathlib.Path(__file__).parent / 'ctypes_smoke.py', library, model)
    return 0


if __name__ == '__main__':
    sys.exit(main())
