# No organization without a second factor: refuses a plan that leaves a portal on and declares no second factor for it.
# It reads "terraform show -json" of a saved plan.
package asgardeo.second_factor

# What a user can be asked for after the first step.
authenticators := {"totp", "email-otp-authenticator", "sms-otp-authenticator", "FIDOAuthenticator"}

# Every resource as it is after the apply.
planned contains {"type": change.type, "values": change.change.after} if {
	some change in input.resource_changes
	change.mode == "managed"
	change.change.after != null
}

organization(values) := object.get(values, "organization", "(not known yet)")

# Organizations with a portal that users can open. A value that is not known yet counts as on.
open contains organization(portal.values) if {
	some portal in planned
	portal.type == "asgardeo_my_account_portal"
	object.get(portal.values, "enabled", true) != false
}

# Two-factor settings are judged without a portal, too: it may be in another configuration.
open contains organization(settings.values) if {
	some settings in planned
	settings.type == "asgardeo_my_account_two_factor"
	not closed[organization(settings.values)]
}

closed contains organization(portal.values) if {
	some portal in planned
	portal.type == "asgardeo_my_account_portal"
	portal.values.enabled == false
}

protected contains organization(settings.values) if {
	some settings in planned
	settings.type == "asgardeo_my_account_two_factor"
	some factor in ["email_otp_enabled", "sms_otp_enabled", "totp_enabled"]
	settings.values[factor] == true
}

# A script may skip the step: review it.
protected contains organization(flow.values) if {
	some flow in planned
	flow.type == "asgardeo_my_account_login_flow"
	some i, step in flow.values.steps
	i > 0
	every option in step.options {
		option.authenticator in authenticators | {"backup-code-authenticator"}
	}
	some option in step.options
	option.authenticator in authenticators
}

deny contains sprintf("Organization %q has no second factor: declare one in asgardeo_my_account_two_factor.", [name]) if {
	some name in open
	not protected[name]
}
