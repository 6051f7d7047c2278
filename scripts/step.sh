#!/usr/bin/env bash
# Runs a command as a step with a name. If STEP_TIMES names a file, the step adds a line to it: its seconds, its name, and whether
# it failed. `.ci/run` prints the file as a table.
#   scripts/step.sh NAME COMMAND...
set -uo pipefail
name="$1"
shift
started="$SECONDS" status=0
"$@" || status=$?
if [ -n "${STEP_TIMES:-}" ]; then
  outcome=
  [ "$status" -eq 0 ] || outcome=failed
  echo "$((SECONDS - started)) $name $outcome" >>"$STEP_TIMES"
fi
exit "$status"
