package smssender

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/explain"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/session"
)

// unableTo explains a failed call for senders. The action completes "Unable to …".
func unableTo(action string, err error) diag.Diagnostics {
	if swap, ok := errors.AsType[*asgardeo.SwapError](err); ok {
		return session.OneError("Unable to "+action, swapFailed(swap))
	}
	if asgardeo.IsKind(err, asgardeo.AuthenticationMissing) {
		return session.OneErrorAt(path.Root("authentication"), "Unable to "+action, whatFailed(err))
	}
	if _, ok := errors.AsType[*asgardeo.Error](err); !ok {
		return session.UnableTo(action, err)
	}
	return session.OneError("Unable to "+action, whatFailed(err))
}

func whatFailed(err error) string {
	failure, ok := errors.AsType[*asgardeo.Error](err)
	if !ok {
		return explain.Error(err)
	}
	facts, nextStep := explain.Facts(failure), nextSteps[failure.Code]
	switch {
	case failure.Kind == asgardeo.AuthenticationMissing:
		return fmt.Sprintf(noAuthenticationThere, failure.Organization)
	case failure.Kind == asgardeo.SenderExists:
		return fmt.Sprintf(existsDuringCreate, failure.Organization, failure.Organization, facts)
	case failure.Kind == asgardeo.SenderMissing:
		return fmt.Sprintf(goneSincePlan, failure.Organization, facts)
	case failure.Code == "NSM-60007" && strings.Contains(string(failure.Description), "%s"):
		nextStep = keyRefused // the server's placeholder tells its two meanings apart
	case nextStep == "":
		return explain.Error(err)
	}
	return explain.WhatHappened(failure) + "\n\n" + nextStep + "\n\n" + facts
}

// swapFailed tells what became of the sender that had to go for a new one.
func swapFailed(swap *asgardeo.SwapError) string {
	text := whatFailed(swap.Err)
	if asgardeo.IsKind(swap.Err, asgardeo.SenderExists) {
		text = "Somebody else created an SMS sender in the same moment."
	}
	text += "\n\nThe sender that was there before had to be deleted first. "
	switch {
	case swap.PutBack == nil:
		return text + "It is back as it was."
	case asgardeo.IsKind(swap.PutBack, asgardeo.SenderExists):
		return text + "It could not be put back, because there is another one by now. The next plan shows which."
	}
	text += notPutBack
	if failure, ok := errors.AsType[*asgardeo.Error](swap.PutBack); ok {
		text += " " + explain.WhatHappened(failure) + "\n\n" + explain.Facts(failure)
	}
	return text
}
