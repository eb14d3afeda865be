package session

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func NameInText(organization types.String) string {
	if organization.IsUnknown() {
		return "an organization that is not known yet"
	}
	return fmt.Sprintf("%q", organization.ValueString())
}

// What resources of one run say about each other.
const (
	LetItForget = "Let Terraform forget it instead: write a removed block with lifecycle { destroy = false } for it, " +
		"or run terraform state rm. If this is the same resource under a new address, a moved block renames it without " +
		"destroying anything. To destroy everything, run terraform destroy -refresh=false."

	UseMoved = "If the resource has only a new address, a moved block renames it without touching anything: moved { " +
		"from = <old address>, to = <new address> }, each argument on a line of its own."

	KeepOneOfThem = "Keep one of them, and let Terraform forget the other one if it is in the state: terraform state " +
		"rm, or a removed block with lifecycle { destroy = false }."
)
