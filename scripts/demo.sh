#!/bin/sh
# The provider at work against the mock server. Run through make:
#
#   make demo   tells a story: plan, apply, drift, repair, destroy (PAUSE=1 waits for Enter between the steps)
#   make mock   leaves the mock running for a try by hand
#
# Nothing outside the checkout is written and no CLI configuration touched: Terraform and OpenTofu look for providers
# in terraform.d/plugins of the working directory by themselves.
set -eu

mode=${1:-}
root=$(cd "$(dirname "$0")/.." && pwd)
cli=${TF_ACC_TERRAFORM_PATH:?not set: run make demo or make mock}
export TF_INPUT=0 TF_IN_AUTOMATION=1 TF_CLI_ARGS=-no-color

# Colours are for a terminal.
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

mock=
step=0

# The version that the build goes by: the examples' constraint lets it pass, and no release is newer.
version=0.99.0

# heading TEXT begins a step. With PAUSE=1, the reader says when.
heading() {
	if [ -n "${PAUSE:-}" ] && [ "$step" -gt 0 ]; then
		printf '\n[Enter goes on] '
		read -r _ || PAUSE= # nobody is there
	fi
	step=$((step + 1))
	printf '\n%s=== %s. %s%s\n' "$bold" "$step" "$1" "$plain"
}

# command_line WORD... shows a command.
command_line() {
	printf '%s$ %s%s\n' "$bold" "$*" "$plain"
}

# run STATUS ARGUMENT... runs the CLI and insists on its exit status, which is shown where it tells something.
run() {
	expected=$1
	shift
	command_line "$(basename "$cli")" "$@"
	status=0
	"$cli" "$@" >output.txt 2>&1 || status=$?
	if [ "$status" -ne "$expected" ]; then
		cat output.txt
		fail "$(basename "$cli") $1 ended with $status, where the story needs $expected."
	fi
	essence <output.txt
	case $* in *-detailed-exitcode*)
		command_line 'echo $?'
		echo "$status"
		;;
	esac
}

# essence leaves out what the CLI prints in every run or has printed before: progress, legends, explanations, short
# forms of warnings, places in files, attributes of what is destroyed. The rest passes as it is, in colour on a terminal.
essence() {
	awk -v painted="$bold" '
		function paint(code) { if (painted) $0 = "\033[" code "m" $0 "\033[0m" }
		!/[^ ]/ { skipped = 0; gap = printed; next } # a paragraph ends
		/^[a-z_]+\.[a-z_]+: / { next }
		/^(Terraform|OpenTofu) (used the selected|will perform|detected the following|has compared)/ { skipped = 1 }
		/^(The resources that were|This is a refresh-only|To see the full|Warnings:|- )/ { skipped = 1 }
		/^  (Prepared|with|- resource) / { skipped = 1 }
		skipped { next }
		/^ *\+ / { paint(32) }
		/^ *~ / { paint(33) }
		/^(Warning|Note): / { paint("1;33") }
		{ if (gap) print ""; gap = 0; printed = 1; print }'
}

fail() {
	printf '\n%s\n' "$1" >&2
	exit 1
}

stop_mock() {
	[ "$mock" ] || return 0
	kill "$mock" 2>/dev/null || true
	wait "$mock" 2>/dev/null || true
	rm -f "$settings"
	mock=
}
trap stop_mock EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# working_directory DIRECTORY enters a directory with the provider just built. Lock file and state of an earlier run
# go: the one names another build of the same version, the other what a mock held that is gone.
working_directory() {
	mkdir -p "$1"
	cd "$1"
	rm -rf .terraform .terraform.lock.hcl terraform.d terraform.tfstate terraform.tfstate.backup
	platform=$("$cli" version | sed -n 's/^on //p')
	for registry in registry.terraform.io registry.opentofu.org; do
		plugin=terraform.d/plugins/$registry/asgardeo/asgardeo/$version/$platform
		mkdir -p "$plugin"
		cp "$root/bin/terraform-provider-asgardeo" "$plugin/terraform-provider-asgardeo_v$version"
	done
}

# start_mock ARGUMENT... starts the server and takes over the one line it prints, which is settings for the provider. Started
# with &, it takes no notice of Ctrl-C: Terraform needs it to finish what it is at.
start_mock() {
	settings=$root/.build/mock.$$.env
	mkdir -p "$root/.build"
	: >"$settings"
	"$root/bin/asgardeo-mock" "$@" >"$settings" &
	mock=$!
	until grep -q ASGARDEO_BASE_URL "$settings"; do
		kill -0 "$mock" 2>/dev/null || return 1
		sleep 0.1 2>/dev/null || sleep 1
	done
	line=$(cat "$settings")
	rm -f "$settings"
	set -a
	eval "$line"
	set +a
}

# console shows or changes the application My Account, as an administrator does.
console() {
	command_line demo-console "$@"
	"$root/bin/demo-console" "$@" || fail 'The Console failed.'
}

story() {
	rm -rf "$root/.demo"
	working_directory "$root/.demo"
	cp "$root"/scripts/demo/*.tf .
	start_mock -listen 127.0.0.1:0 || fail 'The mock server did not start.'
	"$root/bin/demo-console" second-factors email_otp || fail 'The Console failed.'
	"$root/bin/demo-console" save found.json || fail 'The Console failed.'
	"$cli" init >output.txt 2>&1 || { cat output.txt; fail 'The provider cannot be installed.'; }

	cat <<-EOF
	A mock server on this machine plays the organization "$ASGARDEO_ORGANIZATION", and demo-console plays its Console.
	The provider was built just now. Left out: "$(basename "$cli") init", progress, and what the CLI says in every run.
	EOF

	heading 'The organization, as somebody has set it up in the Console'
	console show

	heading 'How it should be'
	command_line cat main.tf
	cat main.tf

	heading 'Import the portal: it is on already, and nothing changes'
	run 0 import asgardeo_my_account_portal.this "$ASGARDEO_ORGANIZATION"

	heading 'Plan: without an import, creating takes over what exists, value by value'
	run 0 plan -out=takeover.tfplan

	heading 'Apply, and what users meet from now on'
	run 0 apply -compact-warnings takeover.tfplan
	console show found.json

	heading 'Plan again: nothing is left to do, exit code 0'
	run 0 plan -detailed-exitcode

	heading 'Meanwhile an administrator switches the portal off, and removes the second factors'
	console portal off
	console second-factors none

	heading 'Terraform finds the drift: exit code 2'
	run 2 plan -refresh-only -detailed-exitcode

	heading 'Repair it'
	run 0 apply -auto-approve
	console show found.json

	heading 'Before a destroy, its plan warns of what it writes'
	run 0 plan -destroy -out=destroy.tfplan

	heading 'Destroy: the organization is handed back as it was found'
	run 0 apply destroy.tfplan
	console compare found.json

	stop_mock
	printf '\nThat was all. "make mock" keeps a mock server running, to try the provider by hand.\n'
}

by_hand() {
	# Before the directory is cleaned: it may be in use.
	start_mock -listen "${MOCK_LISTEN:-127.0.0.1:8787}" -seed "$root/scripts/mock.json" -organization bifrost -log ||
		fail 'The mock server did not start. If another "make mock" has the port, use or stop that one; if something else has it,
"make mock MOCK_LISTEN=127.0.0.1:0" picks a free one.'
	working_directory "$root/.mock"
	[ -e main.tf ] || cp "$root"/examples/quickstart/*.tf .

	# Explanations have lines of their own: not every shell takes them behind a command.
	cat <<-EOF

	A mock of the management API is running until Ctrl-C; what it is asked shows below. To look at, and to change by clicking:

	  $ASGARDEO_BASE_URL/
	  $ASGARDEO_BASE_URL/t/$ASGARDEO_ORGANIZATION/myaccount

	It has the organizations and the credentials of docs/guides. To try the provider, paste into another terminal:

	  cd $PWD
	  export $line
	  export TF_CLI_CONFIG_FILE=/dev/null
	  export TF_VAR_twilio_auth_token=any   # the mock server takes every secret
	  $cli init

	The settings exist already. Import them, or let the plan warn of what it takes over; main.tf there is yours to change:

	  $cli import asgardeo_my_account_portal.this $ASGARDEO_ORGANIZATION
	  $cli import asgardeo_my_account_two_factor.this $ASGARDEO_ORGANIZATION
	  $cli plan
	  $cli apply -auto-approve

	Drift: click, or change something as the Console does. The plan then ends with exit status 2, and apply repairs it:

	  $root/bin/demo-console portal off
	  $root/bin/demo-console second-factors totp
	  $cli plan -detailed-exitcode
	  $cli apply -auto-approve

	Leave the organization as it was found:

	  $cli destroy -auto-approve

	After a change of the provider's code, start "make mock" again: terraform.d/plugins holds it as it was built just now.

	EOF
	trap 'exit 0' INT TERM # being stopped is how this ends
	wait "$mock"
}

case $mode in
story) story ;;
mock) by_hand ;;
*) fail 'usage: make demo, or make mock' ;;
esac
