#!/bin/sh
# Looks for settings that were changed outside Terraform. It changes nothing, neither in the organization nor in the state.
#
# Exit status: 0 nothing found, 2 drift or a failed check, 1 the look itself failed. What Terraform says goes to standard output
# and, unless nothing was found, to the standard input of the command in DRIFT_NOTIFY, which finds in DRIFT_TITLE what it is about.
# TERRAFORM=tofu uses OpenTofu.
set -eu

findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

status=0
"${TERRAFORM:-terraform}" plan -refresh-only -detailed-exitcode -input=false -lock=false -no-color >"$findings" 2>&1 || status=$?

# Terraform 1.15 exits with 2 for every configuration that has a data source, also when nothing differs; its words tell.
if [ "$status" -eq 2 ] && grep -q '^No changes\.' "$findings"; then
	status=0
fi

# A failed check is a warning to Terraform.
if [ "$status" -eq 0 ] && grep -q 'Check block assertion failed' "$findings"; then
	status=2
fi

case $status in
0 | 2) DRIFT_TITLE='My Account settings are not as they should be' ;;
*) DRIFT_TITLE='Terraform could not look at the My Account settings' ;;
esac
export DRIFT_TITLE

cat "$findings"
if [ "$status" -ne 0 ] && [ -n "${DRIFT_NOTIFY:-}" ]; then
	sh -c "$DRIFT_NOTIFY" <"$findings" || echo "DRIFT_NOTIFY failed with status $?" >&2
fi
exit "$status"
