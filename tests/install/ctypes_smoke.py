#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared library from Python: usage: ctypes_smoke.py LIBRARY MODEL. Exits 1 where something is not as it should be."""
import ctypes
import math
import sys
import threading

OK, NO_RESULT, REFUSED, MISUSE = 0, 1, 2, -1
PROBABILITY, OUTPUT = 2, 3


def declare(library):
    handle, size, text, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_double
    numbers = ctypes.POINTER(number)
    signatures = {
        'version': (text, []), 'api_version': (ctypes.c_int, []),
        'load_file': (handle, [text, text, size]), 'load': (handle, [text, size, text, size]),
        'model_free': (None, [handle]), 'is_compiled': (ctypes.c_int, [handle]),
        'input_count': (size, [handle]), 'input_name': (text, [handle, size]), 'input_type': (text, [handle, size]),
        'input_encoding': (ctypes.c_int, [handle, size]), 'input_index': (ctypes.c_ssize_t, [handle, text]),
        'input_category_count': (size, [handle, size]), 'input_category': (text, [handle, size, size]),
        'target_name': (text, [handle]), 'category_count': (size, [handle]), 'category_name': (text, [handle, size]),
        'category_index': (ctypes.c_ssize_t, [handle, text]),
        'output_count': (size, [handle]), 'output_name': (text, [handle, size]), 'output_type': (text, [handle, size]),
        'output_index': (ctypes.c_ssize_t, [handle, text]),
        'scorer_new': (handle, [handle]), 'scorer_free': (None, [handle]), 'missing': (number, []),
        'encode': (number, [handle, size, text, size]), 'score': (ctypes.c_int, [handle, numbers]),
        'prediction': (number, [handle]), 'category': (ctypes.c_ssize_t, [handle]), 'probability': (number, [handle, size]),
        'output': (number, [handle, size]), 'output_text': (text, [handle, size]),
        'score_columns': (ctypes.c_int, [handle, ctypes.POINTER(numbers), size, ctypes.c_int, size, numbers]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, 'provecho_pmml_' + name)
        function.restype, function.argtypes = result, arguments
    return lambda name, *arguments: getattr(library, 'provecho_pmml_' + name)(*arguments)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f'{what}: expected {wanted!r}, found {found!r}')


def row_of(call, model, scorer, texts):
    row = (ctypes.c_double * call('input_count', model))(*[call('missing')] * call('input_count', model))
    for name, text in texts.items():
        row[call('input_index', model, name)] = call('encode', scorer, call('input_index', model, name), text, len(text))
    return row


def refusals(call, path):
    error = ctypes.create_string_buffer(256)
    expect('a file that is not there', call('load_file', b'/nowhere', error, 256), None)
    expect('its error', error.value, b"cannot open '/nowhere': No such file or directory")
    expect('no XML', call('load', b'a,b', 3, error, 256), None)
    if not error.value.startswith(b'line 1: not XML'):
        sys.exit(f'error of no XML: {error.value}')
    short = ctypes.create_string_buffer(b'########', 8)
    call('load', b'a,b', 3, short, 5)
    expect('an error cut short', short.raw, b'line\0###')
    expect('an error that nobody wants', call('load', b'a,b', 3, None, 0), None)
    expect('no path', call('load_file', None, error, 256), None)


def misuse(call, model, scorer):
    expect('no model', (call('input_count', None), call('input_name', None, 0), call('scorer_new', None)), (0, None, None))
    expect('beyond the inputs', (call('input_name', model, 99), call('input_category', model, 1, 99)), (None, None))
    expect('no such names', [call(f, model, b'?') for f in ('input_index', 'output_index', 'category_index')], [-1] * 3)
    expect('no row', call('score', scorer, None), MISUSE)
    expect('no columns', call('score_columns', scorer, None, 1, OUTPUT, 0, None), MISUSE)
    if not math.isnan(call('encode', scorer, 99, b'1', 1)) or not math.isnan(call('output', scorer, 99)):
        sys.exit('an index out of range has a number')
    call('model_free', None)
    call('scorer_free', None)


def columns(call, model, scorer):
    data = [(ctypes.c_double * 3)(20, 40, 60), (ctypes.c_double * 3)(0, 1, 2), (ctypes.c_double * 3)(5, 0, 1)]
    pointers = (ctypes.POINTER(ctypes.c_double) * 3)(*[ctypes.cast(c, ctypes.POINTER(ctypes.c_double)) for c in data])
    out = (ctypes.c_double * 3)()
    yes = call('category_index', model, b'yes')
    expect('columns', call('score_columns', scorer, pointers, 3, PROBABILITY, yes, out), OK)
    # -2 + 0.04 · 20 + 0.25 · 5 = 0.05; -2 + 1.6 + 0.5 = 0.1; -2 + 2.4 + 0.25 - 1 = -0.35.
    for found, logit in zip(out, (0.05, 0.1, -0.35)):
        if abs(found - 1 / (1 + math.exp(-logit))) > 1e-15:
            sys.exit(f'a column gives {found} for the logit {logit}')
    expect('a figure that there is not', call('score_columns', scorer, pointers, 3, 9, 0, out), MISUSE)
    expect('a category that there is not', call('score_columns', scorer, pointers, 3, PROBABILITY, 9, out), MISUSE)


def threads(call, model):
    wrong = []

    def work(age):
        scorer = call('scorer_new', model)
        for _ in range(2000):
            status = call('score', scorer, row_of(call, model, scorer, {b'age': str(age).encode(), b'city': b'Lima'}))
            if status != OK or abs(call('probability', scorer, 0) - 1 / (1 + math.exp(2 - 0.04 * age))) > 1e-15:
                wrong.append(age)
        call('scorer_free', scorer)

    running = [threading.Thread(target=work, args=(age,)) for age in (20, 40, 60, 80)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    expect('threads that see wrong scores', wrong, [])


def main():
    call = declare(ctypes.CDLL(sys.argv[1]))
    path = sys.argv[2].encode()
    expect('interface', call('api_version'), 1)
    refusals(call, path)
    error = ctypes.create_string_buffer(256)
    model = call('load_file', path, error, 256)
    expect('error', error.value, b'')
    xml = open(sys.argv[2], 'rb').read()
    call('model_free', call('load', xml, len(xml), error, 256))
    expect('inputs', [call('input_name', model, i) for i in range(call('input_count', model))], [b'age', b'city', b'visits'])
    expect('types', [call('input_type', model, i) for i in range(3)], [b'integer', b'string', b'double'])
    expect('encodings', [call('input_encoding', model, i) for i in range(3)], [0, 1, 0])
    expect('cities', [call('input_category', model, 1, i) for i in range(call('input_category_count', model, 1))],
           [b'Lima', b'Quito', b'La Paz'])
    expect('target', call('target_name', model), b'bought')
    expect('categories', [call('category_name', model, i) for i in range(call('category_count', model))], [b'yes', b'no'])
    expect('outputs', [call('output_name', model, i) for i in range(call('output_count', model))],
           [b'bought_predicted', b'probability_yes', b'offer'])
    scorer = call('scorer_new', model)
    expect('a row', call('score', scorer, row_of(call, model, scorer, {b'age': b'50', b'city': b'Lima'})), OK)
    expect('its category', call('category', scorer), 0)
    expect('its results', (call('output', scorer, 1), call('output', scorer, 2), call('output_text', scorer, 0)),
           (0.5, 1.0, b'yes'))
    expect('a row without age', call('score', scorer, row_of(call, model, scorer, {b'city': b'Lima'})), NO_RESULT)
    expect('its category', call('category', scorer), -1)
    expect('an unknown city', call('score', scorer, row_of(call, model, scorer, {b'age': b'50', b'city': b'Oslo'})), REFUSED)
    expect('its text', call('output_text', scorer, 0), b'')
    columns(call, model, scorer)
    misuse(call, model, scorer)
    threads(call, model)
    call('model_free', model)
    # The scorer keeps what it scores by.
    expect('after the model is freed', call('score', scorer, (ctypes.c_double * 3)(50, 0, 0)), OK)
    call('scorer_free', scorer)


if __name__ == '__main__':
    main()
