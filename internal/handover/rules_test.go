package handover_test

import (
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

var (
	enrollmentRule = portal.Rule{Setting: enrollment, Needs: settings{totp}}
	backupRule     = portal.Rule{Setting: backup, Needs: settings{email, sms, totp}}
)

func TestBrokenRules(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		declared, prior declared
		live            values
		want            []handover.Finding
	}{
		"nothing is wrong": {declared: declared{totp: on, enrollment: on}},
		"the configuration contradicts itself": {
			declared: declared{totp: off, enrollment: on},
			want: []handover.Finding{{
				Rule: enrollmentRule, Culprit: enrollment, Declared: settings{enrollment, totp},
			}},
		},
		"it does so, as it has always done": {
			declared: declared{totp: off, enrollment: on}, prior: declared{totp: off, enrollment: on},
			live: values{totp: off, enrollment: on},
			want: []handover.Finding{{Rule: enrollmentRule, Culprit: enrollment, Declared: settings{enrollment, totp}}},
		},
		"it contradicts what is there": {
			declared: declared{enrollment: on}, live: values{totp: off},
			want: []handover.Finding{{
				Rule: enrollmentRule, Culprit: enrollment, Declared: settings{enrollment}, Undeclared: settings{totp},
			}},
		},
		"it takes away what something else needs": {
			declared: declared{totp: off}, prior: declared{totp: on}, live: values{totp: on, enrollment: on},
			want: []handover.Finding{{
				Rule: enrollmentRule, Culprit: totp, Declared: settings{totp}, Undeclared: settings{enrollment},
			}},
		},
		"it takes the last of several away": {
			declared: declared{sms: off, email: off}, prior: declared{sms: off, email: on},
			live: values{email: on, sms: off, totp: off, backup: on},
			want: []handover.Finding{{
				Rule: backupRule, Culprit: email, Declared: settings{email, sms}, Undeclared: settings{backup, totp},
			}},
		},
		"others broke what it declares": {
			declared: declared{enrollment: on}, prior: declared{enrollment: on}, live: values{totp: off, enrollment: on},
			want: []handover.Finding{{Rule: enrollmentRule, Declared: settings{enrollment}, Undeclared: settings{totp}}},
		},
		"others broke what it does not declare": {
			declared: declared{email: on}, live: values{totp: off, enrollment: on},
			want: []handover.Finding{{Rule: enrollmentRule, Undeclared: settings{enrollment, totp}}},
		},
		"a value is not known yet": {declared: declared{enrollment: on, totp: unknown}, live: values{totp: off}},
	} {
		wantEqual(t, name, handover.BrokenRules(test.declared, test.prior, test.live), test.want)
	}
}
