package asgardeo.second_factor_test

import data.asgardeo.second_factor

# plan is what "terraform show -json" writes, as far as the policy reads it.
plan(resources) := {"resource_changes": [change |
	some resource in resources
	change := {"mode": "managed", "type": resource[0], "change": {"after": resource[1]}}
]}

portal(enabled) := ["asgardeo_my_account_portal", {"organization": "bifrost", "enabled": enabled}]

two_factor(values) := ["asgardeo_my_account_two_factor", object.union({"organization": "bifrost"}, values)]

flow(steps) := ["asgardeo_my_account_login_flow", {"organization": "bifrost", "steps": [step |
	some names in steps
	step := {"options": [{"authenticator": name} | some name in names]}
]}]

refused := {"Organization \"bifrost\" has no second factor: declare one in asgardeo_my_account_two_factor."}

denied(resources) := {message | some message in second_factor.deny with input as plan(resources)}

test_a_portal_alone if denied([portal(true)]) == refused

test_a_portal_with_a_factor if denied([portal(true), two_factor({"totp_enabled": true})]) == set()

test_a_portal_with_a_factor_of_another_organization if {
	denied([portal(true), ["asgardeo_my_account_two_factor", {"organization": "asgard", "totp_enabled": true}]]) == refused
}

test_a_portal_that_is_off if denied([portal(false), two_factor({"totp_enabled": false})]) == set()

test_factors_that_are_off if denied([two_factor({"totp_enabled": false, "backup_codes_enabled": true})]) == refused

test_factors_that_are_not_declared if denied([two_factor({"totp_enabled": null})]) == refused

test_settings_that_go if denied([portal(true), ["asgardeo_my_account_two_factor", null]]) == refused

test_everything_goes if denied([["asgardeo_my_account_portal", null], ["asgardeo_my_account_two_factor", null]]) == set()

test_a_flow_with_a_second_factor if {
	denied([portal(true), flow([["BasicAuthenticator"], ["totp", "backup-code-authenticator"]])]) == set()
}

test_a_flow_of_one_step if denied([portal(true), flow([["BasicAuthenticator", "totp"]])]) == refused

test_a_flow_with_a_way_around if denied([portal(true), flow([["BasicAuthenticator"], ["totp", "MagicLinkAuthenticator"]])]) == refused

test_a_flow_of_backup_codes if denied([portal(true), flow([["BasicAuthenticator"], ["backup-code-authenticator"]])]) == refused

test_an_organization_that_is_not_known if {
	denied([["asgardeo_my_account_portal", {"enabled": true}]]) == {
		"Organization \"(not known yet)\" has no second factor: declare one in asgardeo_my_account_two_factor.",
	}
}
