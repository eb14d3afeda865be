# No organization without a second factor: refuses a plan in which a portal that is on, or not part of the plan, has none.
# It reads "terraform show -json" of a saved plan.
package asgardeo.second_factor

# What a user can be asked for after the first step.
authenticators := {"totp", "email-otp-authenticator", "sms-otp-authenticator", "FIDOAuthenticator"}

# The portal, its second factors and its login flow, each as it is after the apply.
planned contains {"type": change.type, "values": change.change.after} if {
	some change in input.resource_changes
	change.mode == "managed"
	startswith(change.type, "asgardeo_my_account_")
	change.change.after != null
}

organization(values) := object.get(values, "organization", "(not known yet)")

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
		option.authenticator in (authenticators | {"backup-code-authenticator"})
	}
	some option in step.options
	option.authenticator in authenticators
}

deny contains sprintf("Organization %q has no second factor: declare one in asgardeo_my_account_two_factor.", [name]) if {
	some resource in planned
	name := organization(resource.values)
	not closed[name]
	not protected[name]
}
