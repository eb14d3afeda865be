package explain

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// fill puts what an error is about into the text of an explanation. What the server said is not looked at for braces.
func fill(text string, e *asgardeo.Error) string {
	scheme, _, _ := strings.Cut(e.URL, ":")
	address, proxy := "base_url (ASGARDEO_BASE_URL)", "HTTPS_PROXY"
	if inRegion(e) { // whose address is right by itself
		address = "region or base_url (ASGARDEO_REGION, ASGARDEO_BASE_URL)"
	}
	if overHTTP(e) {
		proxy = "HTTP_PROXY"
	}
	tries := fmt.Sprintf("%d attempts", e.Attempts)
	if e.Attempts == 1 {
		tries = "1 attempt"
	}
	signIn := "client_id and client_secret (ASGARDEO_CLIENT_ID, ASGARDEO_CLIENT_SECRET)"
	switch {
	case e.OwnEntry:
		signIn = fmt.Sprintf("client_id and client_secret of credentials[%q]", e.Organization)
	case e.PrivateKey:
		signIn = "client_id (ASGARDEO_CLIENT_ID), and that the application has the certificate of client_private_key"
	}
	var granted []string
	for _, scope := range e.Granted {
		granted = append(granted, string(scope))
	}
	return strings.NewReplacer(
		"{organization}", fmt.Sprintf("organization %q", e.Organization),
		"{name}", fmt.Sprintf("%q", e.Organization),
		"{similar}", fmt.Sprintf("%q", similarOrganization(e)),
		"{application}", asgardeo.ApplicationName,
		"{url}", e.URL,
		"{scheme}", scheme,
		"{address}", address,
		"{proxy}", proxy,
		"{tries}", tries,
		"{reason}", reason(e),
		"{last attempt}", lastAttempt(e),
		"{steps}", Indent(e.Steps),
		"{credentials}", signIn,
		"{scopes}", strings.Join(asgardeo.Scopes, ", "),
		"{scope}", e.Scope,
		"{granted}", strings.Join(granted, ", "),
		"{api}", apiName(e.Scope),
	).Replace(text)
}

// reason is why there was no usable answer.
func reason(e *asgardeo.Error) string {
	if said := cmp.Or(e.Reason, e.Description); said != "" {
		return strings.TrimSuffix(string(said), ".")
	}
	if e.Err == nil {
		return "no reason given"
	}
	// Only the innermost cause: the outer ones repeat the URL.
	cause := e.Err
	for errors.Unwrap(cause) != nil {
		cause = errors.Unwrap(cause)
	}
	return strings.TrimSuffix(cause.Error(), ".")
}

// lastAttempt is how the last one ended before the time was up.
func lastAttempt(e *asgardeo.Error) string {
	if e.Description+e.Reason == "" {
		return ""
	}
	return ". The last attempt ended so: " + reason(e)
}

// similarOrganization is the one that was probably meant. Numbered ones resemble each other without a slip.
func similarOrganization(e *asgardeo.Error) string {
	similar := words.Nearest(e.Organization, e.Known)
	if strings.ContainsAny(similar, "0123456789") {
		return ""
	}
	return similar
}

// Indent makes lines of the server's text a paragraph of a message.
func Indent(lines []redact.Text) string {
	var text strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&text, "\n  %s", line)
	}
	return strings.TrimPrefix(text.String(), "\n")
}

// apiNames are the names under which an administrator finds a scope's API in the Console.
var apiNames = map[string]string{
	"internal_application_mgt":      "Application Management API",
	"internal_application_script":   "Application Authentication Script Management API",
	"internal_authenticator":        "Authenticators Management API",
	"internal_config_mgt":           "Identity Configuration Management API",
	"internal_notification_senders": "Notification Sender Management API",
}

func apiName(scope string) string {
	for prefix, name := range apiNames {
		if strings.HasPrefix(scope, prefix) {
			return name
		}
	}
	return "management API"
}
