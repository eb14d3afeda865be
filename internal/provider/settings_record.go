package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/asgardeo"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
)

// newRecord returns an empty record. The account is nil while nobody can tell where the settings are.
func newRecord(account *asgardeo.MyAccount) handover.Record {
	if account == nil {
		return handover.NewRecord(handover.Place{})
	}
	return handover.NewRecord(handover.Place{
		Installation: account.Installation(), Organization: account.Name(), API: account.API(),
	})
}

// recordOf records the settings that were read as what was there before Terraform.
func (k *settingsKind) recordOf(
	account *asgardeo.MyAccount, live *asgardeo.Reading, settings []asgardeo.Setting,
) handover.Record {
	record := newRecord(account).Found(live.Settings, settings...)
	if k.inLoginFlow() {
		record.Origin = live.Origin()
	}
	return record
}

// loadRecord returns the record of an organization's settings, or an empty one where there is none that can be used.
func (k *settingsKind) loadRecord(
	ctx context.Context, private privateState, organization string, account *asgardeo.MyAccount,
) (handover.Record, diag.Diagnostics) {
	empty := newRecord(account)
	content, diags := private.GetKey(ctx, snapshotKey)
	if diags.HasError() || len(content) == 0 {
		return empty, diags
	}
	record, err := handover.Decode(content, empty.Place)
	if unreadable, ok := errors.AsType[handover.UnreadableError](err); ok {
		diags.AddWarning(fmt.Sprintf("Unreadable record of the earlier %s of %q", k.thing, organization),
			fmt.Sprintf(unreadableRecord, unreadable.Version))
	}
	if elsewhere, ok := errors.AsType[handover.ElsewhereError](err); ok {
		diags.AddWarning(fmt.Sprintf("The record is not about these %s of %q", k.thing, organization),
			fmt.Sprintf(recordOfElsewhere, elsewhere.Organization, elsewhere.Installation, elsewhere.API))
	}
	return record, diags
}

func saveRecord(ctx context.Context, private privateState, record handover.Record) diag.Diagnostics {
	content, err := record.Encode()
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to record the earlier settings", err.Error())}
	}
	if content == nil {
		return nil
	}
	return private.SetKey(ctx, snapshotKey, content)
}
