package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
)

// What becomes of a sender that Terraform does not want anymore.

// onDestroyDelete is what on_destroy of a sender may say besides onDestroyKeep.
const onDestroyDelete = "delete"

func senderOnDestroyAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "What happens to the sender when the resource is destroyed or replaced:\n\n" +
			"    - `delete` (default): it is deleted, and no SMS passcode leaves the organization any more.\n" +
			"    - `keep`: nothing is changed; Terraform only forgets the resource.\n\n" +
			"    The value that counts is the one last applied.",
		Validators: []validator.String{choiceValidator("on_destroy", onDestroyDelete, onDestroyKeep)},
	}
}

// keeps reports that destroying the resource leaves the sender where it is.
func (m *smsSenderModel) keeps() bool { return m.OnDestroy.ValueString() == onDestroyKeep }

// announceDeletion says in a plan what becomes of the sender that the resource leaves.
func (d *providerData) announceDeletion(ctx context.Context, state smsSenderModel, private privateState) diag.Diagnostics {
	if state.keeps() {
		return nil
	}
	if stays := d.announceSenderStays(ctx, state.Organization, private); len(stays) > 0 {
		return stays
	}
	return d.announceLoss(ctx, state)
}

// announceLoss warns of a deletion that Terraform could not make good: of a sender with credentials that it was never given. It
// looks at the sender that is there: "terraform destroy" refreshes in another process.
func (d *providerData) announceLoss(ctx context.Context, state smsSenderModel) diag.Diagnostics {
	organization := d.reach(state.Organization.ValueString())
	if organization == nil {
		return nil
	}
	senders, _ := organization.RecentSMSSenders(ctx) // what is wrong with it, the destroy itself will tell
	live, found := asgardeo.FindSender(senders, asgardeo.SMSSenderName)
	if !found {
		return nil
	}
	why := ""
	switch lacking := state.lacks(live); {
	case strings.EqualFold(live.Provider, builtInSender):
		why = "It is the one that Asgardeo provides itself: only the Console can bring it back (Notification Channels, SMS Provider)."
	case len(lacking) > 0:
		why = fmt.Sprintf("The server has what no configuration gave Terraform: %s.", strings.Join(lacking, ", "))
	default:
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		fmt.Sprintf("Deleting the SMS sender of %q cannot be undone", organization.Name()),
		fmt.Sprintf("Terraform cannot create it again from what it knows. %s\n\nTo leave the sender where it is, apply "+
			"on_destroy = \"keep\" before.", why))}
}

// refuseLoss refuses a replacement by which the server would lose what somebody else has given it, and Terraform was not:
// the new resource of a replacement is planned without the state of the old one.
func (d *providerData) refuseLoss(plan smsSenderModel) diag.Diagnostics {
	organization := d.reach(plan.Organization.ValueString())
	if organization == nil {
		return nil
	}
	replaces := false
	d.sender(organization.Name(), func(notes *senderNotes) { replaces = notes.inState })
	live, seen := asgardeo.FindSender(organization.SeenSMSSenders(), asgardeo.SMSSenderName)
	if !replaces || !seen || plan.rewired(live.Provider, live.ProviderURL) {
		return nil
	}
	lacking := plan.lacks(live)
	if len(lacking) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(
		fmt.Sprintf("Replacing the SMS sender of %q would lose its credentials", organization.Name()), fmt.Sprintf(
			"The server has what no configuration gave Terraform: %s. A replaced sender begins without it. Declare it in the "+
				"configuration, or do without the replacement: leave -replace out, or run terraform untaint.",
			strings.Join(lacking, ", ")))}
}

// lacks lists the credentials of the live sender that the state has no trace of.
func (m *smsSenderModel) lacks(live asgardeo.SMSSender) []string {
	authenticated := !m.Authentication.IsNull()
	var names []string
	for _, stored := range []struct {
		name         string
		there, known bool
	}{
		{"key", live.Key != "", !m.Key.IsNull() || !m.KeyWOVersion.IsNull() || authenticated},
		{"secret", live.Secret != "", !m.Secret.IsNull() || !m.SecretWOVersion.IsNull() || authenticated},
		{
			"http_headers", live.Properties.Get(asgardeo.SenderHTTPHeaders) != "",
			!m.HTTPHeaders.IsNull() || !m.HTTPHeadersWOVersion.IsNull(),
		},
		{"authentication", live.Irreplaceable(), authenticated},
	} {
		if stored.there && !stored.known {
			names = append(names, stored.name)
		}
	}
	return names
}

// announceSwap warns that an update deletes the sender that Asgardeo provides itself.
func announceSwap(organization string) diag.Diagnostics {
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("provider_name"),
		fmt.Sprintf("Asgardeo's own SMS sender of %q is deleted", organization),
		"The server lets no sender leave its channel. So the present one is deleted, and the configured one is created right after it; "+
			"passcodes of that moment are lost. If the server refuses the new one, the present one is put back as it was. Terraform "+
			"cannot bring it back later. The Console can (Notification Channels, SMS Provider).")}
}

// addSwapError tells what became of the sender that had to go for a new one.
func addSwapError(diags *diag.Diagnostics, action string, swap *asgardeo.SwapError) {
	var cause diag.Diagnostics
	addSenderError(&cause, action, swap.Err)
	text := cause[0].Detail()
	if isKind(swap.Err, asgardeo.Conflict) {
		text = "Somebody else created an SMS sender in the same moment."
	}
	after := "The sender that was there before had to be deleted first. "
	switch {
	case swap.PutBack == nil:
		after += "It is back as it was."
	case isKind(swap.PutBack, asgardeo.Conflict):
		after += "It could not be put back, because there is another one by now. The next plan shows which."
	default:
		after += "It could not be put back, so the organization may have no SMS sender now, and nobody receives passcodes. Run the " +
			"command again, or choose a sender in the Console (Notification Channels, SMS Provider)."
		if failure, ok := errors.AsType[*asgardeo.Error](swap.PutBack); ok {
			after += " " + whatHappened(failure) + "\n\n" + facts(failure)
		}
	}
	diags.AddError(cause[0].Summary(), text+"\n\n"+after)
}
