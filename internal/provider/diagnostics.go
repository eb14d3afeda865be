package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// addError adds the diagnostic for a failed call. The action completes "Unable to …".
func addError(diags *diag.Diagnostics, action string, err error) {
	diags.AddError("Unable to "+action, explain(err))
}

// isKind reports whether an error of the client is of a kind.
func isKind(err error, kind asgardeo.Kind) bool {
	var failure *asgardeo.Error
	return errors.As(err, &failure) && failure.Kind == kind
}

// explain turns an error of the client into the text of a diagnostic: what happened, what the server said, what to do.
func explain(err error) string {
	var failure *asgardeo.Error
	if !errors.As(err, &failure) {
		return upperFirst(err.Error())
	}
	paragraphs := []string{whatHappened(failure), nextStep(failure)}
	switch {
	case failure.Unsettled && failure.Method == http.MethodGet:
		paragraphs[1] += " The server accepted the change before; only reading it back failed. The next plan compares again."
	case failure.Unsettled:
		paragraphs[1] += " The call was a change, so the server may have applied it; the next plan compares again."
	case failure.Kind == asgardeo.UnknownOrganization:
		paragraphs[1] += " No resource was dropped from the state."
	}
	if facts := facts(failure); facts != "" {
		paragraphs = append(paragraphs, facts)
	}
	return strings.Join(paragraphs, "\n\n")
}

func whatHappened(e *asgardeo.Error) string {
	organization := fmt.Sprintf("organization %q", e.Organization)
	switch e.Kind {
	case asgardeo.UnknownOrganization:
		if sure := e.Reason == "" || strings.Contains(string(e.Reason), "invalid_tenant_domain"); !sure && !asgardeo.InRegion(e.URL) {
			return fmt.Sprintf("Either the server at %s knows no %s, or base_url does not lead to Asgardeo or a WSO2 Identity Server: the answer was %s.", e.URL, organization, e.Reason)
		}
		return fmt.Sprintf("The server at %s knows no %s.", e.URL, organization)
	case asgardeo.FeatureMissing:
		return fmt.Sprintf("The server has no classic My Account settings for %s: the resource type \"myaccount\" does not exist there.", organization)
	case asgardeo.ApplicationMissing:
		return fmt.Sprintf("There is no application \"%s\" in %s, which is where the portal's settings are.", asgardeo.ApplicationName, organization)
	case asgardeo.SwitchMissing:
		return fmt.Sprintf("The server is too old to switch the portal of %s on and off: its applications have no applicationEnabled.", organization)
	case asgardeo.ReadOnlyApplication:
		return fmt.Sprintf("The application \"%s\" of %s is read-only: the server refuses every change of it.", asgardeo.ApplicationName, organization)
	case asgardeo.CustomFlow:
		text := fmt.Sprintf("The login flow of My Account in %s cannot take the declared second factors: %s.", organization, e.Reason)
		if len(e.Steps) > 0 {
			text += " Its steps now:\n\n" + indent(e.Steps)
		}
		return text
	case asgardeo.InvalidFlow:
		return fmt.Sprintf("The server finds the application \"%s\" of %s invalid with this change, and does not say why.", asgardeo.ApplicationName, organization)
	case asgardeo.Forbidden:
		return fmt.Sprintf("The server does not let this client change the application \"%s\" of %s.", asgardeo.ApplicationName, organization)
	case asgardeo.NotApplied:
		return fmt.Sprintf("The change of the application \"%s\" of %s did not take effect: the server accepted it, and the application is not as it should be now.",
			asgardeo.ApplicationName, organization)
	case asgardeo.NoCredentials:
		return fmt.Sprintf("The provider has no credentials for %s.", organization)
	case asgardeo.BadCredentials:
		return fmt.Sprintf("The token endpoint of %s refused the client.", organization)
	case asgardeo.TokenRejected:
		return fmt.Sprintf("The management API of %s refused the access token.", organization)
	case asgardeo.MissingScope:
		if refusedDespiteScope(e) {
			return fmt.Sprintf("The server refused the call for %s although the access token has the scope %s.", organization, e.Scope)
		}
		return fmt.Sprintf("The access token for %s does not allow this call, which needs the scope %s.", organization, e.Scope)
	case asgardeo.NotAPI:
		return fmt.Sprintf("The answer for %s is not one of the management API: %s.", organization, reason(e))
	case asgardeo.RateLimited:
		return fmt.Sprintf("The server kept refusing the call for %s because of too many requests (%s).", organization, tries(e))
	case asgardeo.ServerFault:
		return fmt.Sprintf("The server failed to answer the call for %s (%s).", organization, tries(e))
	case asgardeo.Unreachable, asgardeo.UnknownHost, asgardeo.ConnectionRefused, asgardeo.TooSlow, asgardeo.ProxyRefused:
		return fmt.Sprintf("The server could not be reached for %s (%s): %s.", organization, tries(e), reason(e))
	case asgardeo.WrongScheme:
		scheme, _, _ := strings.Cut(e.URL, ":")
		return fmt.Sprintf("The server cannot be called with %s for %s: %s.", scheme, organization, reason(e))
	case asgardeo.Untrusted:
		return fmt.Sprintf("The certificate of the server is not trusted: %s.", reason(e))
	case asgardeo.CertificateName:
		return fmt.Sprintf("The certificate of the server is for another name: %s.", reason(e))
	case asgardeo.CertificateExpired:
		return fmt.Sprintf("The certificate of the server cannot be used now: %s.", reason(e))
	case asgardeo.TimedOut:
		why := "the time for the operation ran out"
		if errors.Is(e.Err, context.Canceled) {
			why = "Terraform was interrupted"
		}
		if e.Description+e.Reason != "" {
			why += ". The last attempt ended so: " + reason(e)
		}
		return fmt.Sprintf("The call for %s was given up before it succeeded (%s): %s.", organization, tries(e), why)
	}
	if e.Status != 0 && e.Status < http.StatusMultipleChoices {
		return fmt.Sprintf("The server answered the call for %s with something else than what was asked for: %s.", organization, reason(e))
	}
	return fmt.Sprintf("The server did not accept the call for %s.", organization)
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

func tries(e *asgardeo.Error) string {
	if e.Attempts == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", e.Attempts)
}

// facts lists what support and search engines ask for.
func facts(e *asgardeo.Error) string {
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
	if e.Status != 0 && !strings.Contains(whatHappened(e), string(e.Reason)) {
		add("Answer", e.Reason)
	}
	add("Trace id", e.TraceID)
	return strings.Join(lines, "\n")
}

// oneError, oneErrorAt, oneWarning and oneWarningAt return an error or a warning alone.
func oneError(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic(title, detail)}
}

func oneErrorAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, title, detail)}
}

func oneWarning(title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic(title, detail)}
}

func oneWarningAt(at path.Path, title, detail string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(at, title, detail)}
}

// asWarnings lowers errors about what the plan does not change.
func asWarnings(found diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics
	for _, diagnostic := range found {
		if at, ok := diagnostic.(diag.DiagnosticWithPath); ok {
			warnings.AddAttributeWarning(at.Path(), diagnostic.Summary(), diagnostic.Detail())
			continue
		}
		warnings.AddWarning(diagnostic.Summary(), diagnostic.Detail())
	}
	return warnings
}
