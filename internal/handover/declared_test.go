package handover_test

import (
	"strings"
	"testing"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/handover"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/portal"
)

// TestNames: users write a setting as people call it, apart from the three that have a name of their own.
func TestNames(t *testing.T) {
	t.Parallel()
	own := map[portal.Setting]string{
		enabled: "enabled", enrollment: "totp_enrollment_enabled", handover.WholeFlow: "login_flow",
	}
	everything := append(portal.EverySetting(), handover.WholeFlow)
	var want []string
	for _, setting := range everything {
		name, hasOwn := own[setting]
		if !hasOwn {
			name = strings.ReplaceAll(strings.ToLower(string(setting)), " ", "_") + "_enabled"
		}
		want = append(want, name)
	}
	wantEqual(t, "the names", handover.NamesOf(everything), want)
	wantEqual(t, "one name", handover.NameOf(totp), "totp_enabled")
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	config := declared{backup: off, totp: on, sms: unknown, enabled: off}
	live := values{email: on, totp: off, enrollment: notSet}

	wantEqual(t, "what is declared", config.Settings(), settings{enabled, sms, totp, backup})
	wantEqual(t, "what has a value that is not known", config.Has(sms), true)
	wantEqual(t, "what is not declared", config.Has(email), false)
	wantEqual(t, "the known values", config.Values(), values{enabled: off, totp: on, backup: off})
	wantEqual(t, "the known values that were read", config.ValuesRead(live), values{totp: on})
	wantEqual(t, "the effective values", config.Effective(live),
		values{enabled: off, totp: on, backup: off, email: on, enrollment: notSet})
	wantEqual(t, "the configuration", config, declared{backup: off, totp: on, sms: unknown, enabled: off})
	wantEqual(t, "nothing declared", declared(nil).Effective(live), live)
}

func TestDeclaredRefreshed(t *testing.T) {
	t.Parallel()
	state := declared{enabled: on, totp: on, enrollment: on, email: off}
	live := values{totp: off, enrollment: notSet, email: off, backup: on}
	wantEqual(t, "the state", state.Refreshed(live), declared{enabled: on, totp: off, email: off})
}

func TestDeclaredChanging(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config, prior declared
		live          values
		changes       bool
	}{
		"declared anew":                     {declared{totp: on}, declared{}, nil, true},
		"declared anew, right already":      {declared{totp: on}, declared{}, values{totp: on}, true},
		"declared otherwise":                {declared{totp: on}, declared{totp: off}, nil, true},
		"as it was":                         {declared{totp: on}, declared{totp: on}, nil, false},
		"as it was and is":                  {declared{totp: on}, declared{totp: on}, values{totp: on}, false},
		"as it was, and something else now": {declared{totp: on}, declared{totp: on}, values{totp: off}, true},
		"not known yet":                     {declared{totp: unknown}, declared{totp: on}, nil, true},
		"not known yet, declared anew":      {declared{totp: unknown}, declared{}, nil, true},
		"not declared any more":             {declared{}, declared{totp: on}, values{totp: off}, false},
	} {
		var want []portal.Setting
		if test.changes {
			want = settings{totp}
		}
		wantEqual(t, name, test.config.Changing(test.prior, test.live), want)
	}
	wantEqual(t, "the order", declared{backup: on, enabled: on}.Changing(nil, nil), settings{enabled, backup})
}
