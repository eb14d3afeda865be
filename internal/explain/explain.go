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
