#!/usr/bin/env bash
# Creates the tests' database in CI's Postgres. Its owner is no superuser, as in production; the extension needs one.
set -euo pipefail

PGPASSWORD=parley psql -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres <<'SQL'
CREATE ROLE parley_owner LOGIN CREATEROLE PASSWORD 'parley';
CREATE DATABASE parley OWNER parley_owner;
\connect parley
CREATE EXTENSION vector;
SQL
