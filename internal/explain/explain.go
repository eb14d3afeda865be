// Package explain puts an error of the client into words: what happened, what to do, and what the server said.
package explain

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/redact"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/words"
)

// Error turns an error of the client into the text of a diagnostic: what happened, what to do, what the server said.
func Error(err error) string {
	failure, ok := errors.AsType[*asgardeo.Error](err)
	if !ok {
		return words.UpperFirst(err.Error())
	}
	text := WhatHappened(failure) + "\n\n" + NextStep(failure)
	switch {
	case failure.Unsettled && failure.Method == http.MethodGet:
		text += notReadBack
	case failure.Unsettled:
		text += perhapsApplied
	case failure.Kind == asgardeo.UnknownOrganization:
		text += nothingDropped
	}
	if facts := Facts(failure); facts != "" {
		text += "\n\n" + facts
	}
	return text
}

// WhatHappened is the first part of an explanation.
func WhatHappened(e *asgardeo.Error) string {
	return fill(explanationOf(e).happened, e)
}

// NextStep is the second part.
func NextStep(e *asgardeo.Error) string {
	return fill(explanationOf(e).nextStep, e)
}

// Facts lists what support and search engines ask for.
func Facts(e *asgardeo.Error) string {
	var lines []string
	add := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" {
			lines = append(lines, name+": "+text)
		}
	}
	if e.Method != "" {
		add("Request", e.Method+" "+e.URL)
	}
	if e.Status != 0 {
		add("HTTP status", e.Status)
	}
	add("Server code", e.Code)
	add("Server message", e.Description)
	if e.Status != 0 && !strings.Contains(WhatHappened(e), string(e.Reason)) {
		add("Answer", e.Reason)
	}
	add("Trace id", e.TraceID)
	return strings.Join(lines, "\n")
}

// explanation is what the provider says about errors of one kind. Words in braces stand for what differs from error to
// error: see fill.
type explanation struct {
	happened string
	nextStep string
	variants []explanation // the first that fits replaces what it has a text for
	fits     func(e *asgardeo.Error) bool
}

func explanationOf(e *asgardeo.Error) explanation {
	found, exists := explanations[e.Kind]
	if !exists {
		found = otherExplanation
	}
	for _, variant := range found.variants {
		if variant.fits(e) {
			found.happened = cmp.Or(variant.happened, found.happened)
			found.nextStep = cmp.Or(variant.nextStep, found.nextStep)
			break
		}
	}
	return found
}

// grantedInVain reports that the token has the scope for the call, so that it is not to blame for the refusal.
func grantedInVain(e *asgardeo.Error) bool {
	return e.ScopesKnown &&
		slices.ContainsFunc(e.Granted, func(scope redact.Text) bool { return string(scope) == e.Scope })
}

// perhapsWrongAddress reports that the answer is none that only a server of the product would give.
func perhapsWrongAddress(e *asgardeo.Error) bool {
	said := string(e.Reason)
	return said != "" && !strings.Contains(said, "invalid_tenant_domain") && !inRegion(e)
}

func ofUnknownClient(e *asgardeo.Error) bool {
	return strings.Contains(string(e.Description), "could not be found for client_id")
}

func ofSubOrganization(e *asgardeo.Error) bool {
	return e.Fragment
}

func inRegion(e *asgardeo.Error) bool {
	return asgardeo.InRegion(e.URL)
}

func overHTTP(e *asgardeo.Error) bool {
	return strings.HasPrefix(e.URL, "http:")
}

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
	last := "" // where the time was up
	if e.Description+e.Reason != "" {
		last = ". The last attempt ended so: " + reason(e)
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
		"{last attempt}", last,
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
	return strings.TrimSuffix(e.Err.Error(), ".")
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
