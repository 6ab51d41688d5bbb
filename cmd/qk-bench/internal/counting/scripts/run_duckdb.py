"""Runs a script of SQL in DuckDB: SCRIPT, or --version."""

import sys

import duckdb

if sys.argv[1] == "--version":
    print(duckdb.__version__, "Python")
else:
    with open(sys.argv[1], encoding="utf-8") as script:
        duckdb.connect().execute(script.read())
