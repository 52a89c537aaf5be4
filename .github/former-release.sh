#!/usr/bin/env bash
# Runs the tests of the release before this commit on a database with this commit's migrations.
# usage: former-release.sh   with QUARKUS_DATASOURCE_* set, in a checkout that has its tags
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Not a tag of this very commit, and no prerelease.
former=$(git tag --list 'v[0-9]*' --merged HEAD --no-contains HEAD --sort=-version:refname | { grep -v -- - || true; } | sed -n 1p)
if [ -z "$former" ]; then
    echo "There is no release before this commit."
    exit
fi
if git diff --quiet "$former" HEAD -- src/main/resources/db/migration; then
    echo "The schema is that of $former."
    exit
fi

echo "Migrating to this commit's schema"
./mvnw -B -ntp -q -Dmaven.test.skip=true package
java --enable-native-access=ALL-UNNAMED -jar target/*-runner.jar migrate

echo "Running the tests of $former"
folder=$(mktemp -d)
git worktree add --detach "$folder/parley" "$former"
cd "$folder/parley"
# What it says of the schema itself: that every table and function in it is one it knows.
./dev test '-Dit.test=*IT,!RowLevelSecurityIT'
