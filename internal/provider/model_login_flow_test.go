package provider_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// Random flows, edits in the Console and faults, against books of what has to be there: what the server has, what was
// there before Terraform, and what Terraform made of it.

// flowBooks are the books of one organization.
type flowBooks struct {
	live, before, made drawnFlow
	// managed says that Terraform has the flow.
	managed bool
}

// drawnFlow is a login flow: steps in the notation of stepsOf with sorted options, and a script.
type drawnFlow struct {
	server bool // the server's own flow
	steps  string
	script string // empty: every step is run
}

var drawnServerFlow = drawnFlow{server: true, steps: providertest.Password}

func drawFlow(t *rapid.T) drawnFlow {
	first := rapid.SampledFrom(
		[]string{providertest.Password, providertest.Google, providertest.Passkey, providertest.EmailOTP},
	)
	later := rapid.SampledFrom(
		[]string{providertest.Password, providertest.Google, providertest.Passkey, providertest.EmailOTP, "totp"},
	)
	var steps []string
	for i := range rapid.IntRange(1, 4).Draw(t, "number of steps") {
		names := first
		if i > 0 {
			names = later
		}
		options := rapid.SliceOfNDistinct(names, 1, 3, rapid.ID[string]).Draw(t, "options")
		slices.Sort(options)
		steps = append(steps, strings.Join(options, " "))
	}
	return drawnFlow{
		steps: strings.Join(steps, "|"),
		script: rapid.SampledFrom([]string{"", "", providertest.Conditional, providertest.Conditional + "// another one\n"}).
			Draw(t, "script"),
	}
}

// config declares the flow, with the options in an order of its own.
func (f drawnFlow) config(t *rapid.T, onDestroy string) values {
	var steps []string
	for step := range strings.SplitSeq(f.steps, "|") {
		steps = append(steps, strings.Join(rapid.Permutation(strings.Fields(step)).Draw(t, "order"), " "))
	}
	config := providertest.FlowConfig(strings.Join(steps, "|")).With(values{"on_destroy": onDestroy})
	if f.script != "" {
		config["script"] = f.script
	}
	return config
}

// storedFlow is what the server has, in the same form.
func storedFlow(w *workspace) drawnFlow {
	sequence := w.Application().AuthenticationSequence
	if sequence == nil || sequence.Type == "DEFAULT" {
		return drawnServerFlow
	}
	_, text, _ := strings.Cut(w.Flow(), " ")
	var steps []string
	for step := range strings.SplitSeq(text, " | ") {
		options := strings.Fields(step)
		slices.Sort(options)
		steps = append(steps, strings.Join(options, " "))
	}
	flow := drawnFlow{steps: strings.Join(steps, "|"), script: sequence.Script}
	if flow.script == providertest.ConsoleScript(len(steps)) {
		flow.script = ""
	}
	return flow
}

func TestModelLoginFlow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := providertest.NewApplicationWorkspace(t)
		w.Wrap = providertest.BesidesFaults(t)
		books := flowBooks{live: drawnServerFlow}
		o, onDestroy := &providertest.Object{TypeName: flowType}, ""
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"declare", "declare", "console", "give up", "import", "destroy"}).Draw(t, "what") {
			case "console":
				books.live = drawFlow(t)
				script := books.live.script
				if script == "" {
					ofConsole := providertest.ConsoleScript(strings.Count(books.live.steps, "|") + 1)
					script = rapid.SampledFrom([]string{"", ofConsole}).Draw(t, "no script")
				}
				w.SetFlow(books.live.steps, script)
			case "give up":
				books.live = drawnServerFlow
				w.Edit(func(a *mockserver.Application) { a.AuthenticationSequence = nil })
			case "import":
				if !books.managed {
					o, onDestroy = w.Adopt(flowType), ""
					books.before, books.made, books.managed = books.live, books.live, true
				}
			case "declare":
				wanted := drawFlow(t)
				onDestroy = rapid.SampledFrom([]string{"restore", "reset", "keep"}).Draw(t, "on_destroy")
				config := wanted.config(t, onDestroy)
				if !books.managed {
					books.before, books.made, books.managed = books.live, drawnFlow{}, true
				}
				saved := w.Plan(o, config)
				if rapid.Bool().Draw(t, "a lost answer") {
					w.Mock.AddFault(mockserver.Fault{Match: mockserver.Match{Method: "PATCH"}, Action: mockserver.ActionDropAfter})
				}
				providertest.WantNoError(t, w.Apply(saved))
				w.Mock.ClearFaults()
				// What was imported stays the server's flow as long as that one does what is declared.
				if !books.made.server || !books.live.server || !wanted.alike(books.live) {
					books.live, books.made = wanted, wanted
				}
				w.Mock.ClearRequests()
				w.WantAction(o, config, "no-op")
				if patches := w.Patches(); len(patches) > 0 {
					t.Fatalf("a plan has written %v", patches)
				}
			case "destroy":
				if !books.managed {
					continue
				}
				if onDestroy == "reset" {
					books.live = drawnServerFlow
				} else if onDestroy != "keep" && books.live.alike(books.made) {
					books.live = books.before
				}
				providertest.WantNoError(t, w.Apply(w.Plan(o, nil)))
				o, books.managed = &providertest.Object{TypeName: flowType}, false
			}
			if got := storedFlow(w); got != books.live {
				t.Fatalf("the server has %+v, and should have %+v", got, books.live)
			}
		}
	})
}

// alike ignores whose flow it is, which the server may decide by itself.
func (f drawnFlow) alike(other drawnFlow) bool {
	return f.steps == other.steps && f.script == other.script
}
