#!/bin/sh
# The provider at work against the mock server. Run through make:
#
#   make demo   tells a story: plan, apply, drift, repair, destroy
#   make mock   leaves the mock running for a try by hand
#
# Nothing outside the checkout is written and no CLI configuration touched: Terraform and OpenTofu look for providers
# in terraform.d/plugins of the working directory by themselves.
set -eu

mode=${1:-}
root=$(cd "$(dirname "$0")/.." && pwd)
cli=${TF_ACC_TERRAFORM_PATH:?not set: run make demo or make mock}
export TF_INPUT=0 TF_IN_AUTOMATION=1

# Colours are for a terminal.
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || export TF_CLI_ARGS=-no-color

mock=
step=0

# The version that the build goes by: the examples' constraint lets it pass, and no release is newer.
version=0.99.0

heading() {
	step=$((step + 1))
	printf '\n\n=== %s. %s\n' "$step" "$1"
}

# run STATUS ARGUMENT... runs the CLI and insists on its exit status.
run() {
	expected=$1
	shift
	printf '\n$ %s %s\n' "$(basename "$cli")" "$*"
	status=0
	"$cli" "$@" || status=$?
	[ "$status" -eq "$expected" ] || fail "$(basename "$cli") $1 ended with $status, where the story needs $expected."
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
	printf '\n$ bin/demo-console %s\n' "$*"
	"$root/bin/demo-console" "$@" || fail 'The Console failed.'
}

story() {
	rm -rf "$root/.demo"
	working_directory "$root/.demo"
	cp "$root"/examples/quickstart/*.tf .

	heading 'An organization, played by the mock server'
	start_mock -listen 127.0.0.1:0 || fail 'The mock server did not start.'
	printf '\nThe organization "%s" is at %s\n' "$ASGARDEO_ORGANIZATION" "$ASGARDEO_BASE_URL"
	console show
	printf '\n$ cat examples/quickstart/main.tf\n'
	cat main.tf

	export TF_VAR_twilio_auth_token=demo-auth-token

	heading 'Install the provider that was just built'
	run 0 init

	heading 'See what would change'
	run 0 plan -out quickstart.tfplan

	heading 'Change it'
	run 0 apply quickstart.tfplan
	console show

	heading "The SMS sender's secret is in neither the plan nor the state"
	printf '\n$ %s show -json quickstart.tfplan >quickstart.json\n' "$(basename "$cli")"
	"$cli" show -json quickstart.tfplan >quickstart.json || fail 'The plan cannot be shown.'
	printf '$ grep -c "$TF_VAR_twilio_auth_token" quickstart.json terraform.tfstate\n'
	! grep -c "$TF_VAR_twilio_auth_token" quickstart.json terraform.tfstate || fail 'There it is.'
	grep -q AC-example quickstart.json terraform.tfstate || fail 'The SMS sender is missing, though.'

	heading 'An administrator switches the portal off in the Console, and takes email OTP out of its login flow'
	console portal off
	console second-factors totp sms_otp backup_codes

	heading 'Terraform finds the drift: exit status 2'
	run 2 plan -detailed-exitcode

	heading 'Repair it'
	run 0 apply -auto-approve

	heading 'Nothing is left to do: exit status 0'
	run 0 plan -detailed-exitcode

	heading 'Leave the organization as it was found'
	run 0 destroy -auto-approve
	console show

	stop_mock
	printf '\n\nThat was all. "make mock" keeps a mock server running, to try the provider by hand.\n'
}

by_hand() {
	# Before the directory is cleaned: it may be in use.
	start_mock -listen "${MOCK_LISTEN:-127.0.0.1:8787}" -log ||
		fail 'The mock server did not start. If another "make mock" has the port, use or stop that one; if something else has it,
"make mock MOCK_LISTEN=127.0.0.1:0" picks a free one.'
	working_directory "$root/.mock"
	[ -e main.tf ] || cp "$root"/examples/quickstart/*.tf .

	cat <<-EOF

	A mock of the management API is running until Ctrl-C; what it is asked shows below. In another terminal:

	  cd $PWD
	  export $line
	  export TF_VAR_twilio_auth_token=any   # the mock server takes every secret
	  export TF_CLI_CONFIG_FILE=/dev/null   # your own configuration might look for providers elsewhere
	  $cli init
	  $cli apply

	main.tf there is yours to change. terraform.d/plugins holds the provider as it was built just now; after a change
	of its code, start "make mock" again. To change a setting behind Terraform's back, as in the Console, in that terminal:

	  $root/bin/demo-console show
	  $root/bin/demo-console portal off            # the switch of the application My Account
	  $root/bin/demo-console second-factors totp   # the last step of its login flow

	EOF
	trap 'exit 0' INT TERM # being stopped is how this ends
	wait "$mock"
}

case $mode in
story) story ;;
mock) by_hand ;;
*) fail 'usage: make demo, or make mock' ;;
esac
