package providertest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// AllOf joins checks of a step, or preparations of one.
func AllOf(checks ...func()) func() {
	return func() {
		for _, check := range checks {
			check()
		}
	}
}

// Planning checks what a step's plan does with a resource.
func Planning(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// PlanningNothing checks that a step's plan is empty.
func PlanningNothing() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// Saving checks attributes of a resource or data source in the state. A nil value stands for null.
func Saving(address string, attributes map[string]any) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		var want knownvalue.Check
		switch value := attributes[name].(type) {
		case nil:
			want = knownvalue.Null()
		case bool:
			want = knownvalue.Bool(value)
		case string:
			want = knownvalue.StringExact(value)
		default:
			panic(fmt.Sprintf("no check for a %T", value))
		}
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), want))
	}
	return checks
}

// Failing matches an error that holds these texts in this order. Terraform breaks lines and draws a frame, so any white
// space in a text matches those, too.
func Failing(texts ...string) *regexp.Regexp {
	var parts []string
	for _, text := range texts {
		var words []string
		for word := range strings.FieldsSeq(text) {
			words = append(words, regexp.QuoteMeta(word))
		}
		parts = append(parts, strings.Join(words, `[\s│]+`))
	}
	return regexp.MustCompile("(?s)" + strings.Join(parts, ".*"))
}
