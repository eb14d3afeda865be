#!/bin/sh
# Looks for settings that were changed outside Terraform. It changes nothing, neither in the organization nor in the state.
#
# Exit status: 0 nothing found, 2 drift or a failed check, 1 Terraform could not look. What Terraform says goes to standard output
# and, unless nothing was found, to the standard input of the command in DRIFT_NOTIFY, which finds in DRIFT_TITLE what it is about.
# TERRAFORM=tofu uses OpenTofu.
set -eu

findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

terraform=${TERRAFORM:-terraform}

# Nothing drifts in an empty state. A runner without the backend that holds the state would report that all is well.
if ! "$terraform" state list 2>"$findings" | grep -Evq '(^|\.)data\.|^$'; then
	echo 'The state holds no resource. Configure the backend in which the state is, and run terraform init and terraform apply.' >>"$findings"
	status=1
else
	status=0
	"$terraform" plan -refresh-only -detailed-exitcode -input=false -lock=false -no-color >"$findings" 2>&1 || status=$?
fi

# Terraform also exits with 2 where nothing differs: from 1.15 on for every configuration with a data source, before it
# where a resource has several sensitive attributes. Its words tell.
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
