package provider_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/asgardeo/terraform-provider-asgardeo/internal/mockserver"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/provider"
	"github.com/asgardeo/terraform-provider-asgardeo/internal/providertest"
)

// What the provider costs: its program, its start, and many organizations at once. Times depend on the machine, so none
// is asserted; compare figures of one run with each other, or two runs on one machine with benchstat.

const (
	module = "github.com/asgardeo/terraform-provider-asgardeo"
	// emptyProvider has neither resources nor data sources: what it costs is the framework's part.
	emptyProvider = module + "/internal/provider/testdata/emptyprovider"

	binaryLimit = 22e6 // bytes
	memoryLimit = 60e6 // bytes of heap, for the refresh of a thousand organizations
)

// buildRelease builds a program as a release does.
func buildRelease(tb testing.TB, source string) string {
	tb.Helper()
	program := filepath.Join(tb.TempDir(), "program.exe")
	//nolint:gosec // only programs of this module
	build := exec.CommandContext(tb.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("building %s: %v\n%s", source, err, output)
	}
	return program
}

func TestBinarySize(t *testing.T) {
	t.Parallel()
	file, err := os.Stat(buildRelease(t, module))
	providertest.Must(t, err)
	t.Logf("%.1f MB", float64(file.Size())/1e6)
	if file.Size() > binaryLimit {
		t.Errorf("the provider's program has %d bytes, which is more than %d", file.Size(), int(binaryLimit))
	}
}

// BenchmarkOrganizations refreshes and plans the portal and the two-factor settings of many organizations in one
// process, as Terraform does: ten at a time. Per organization, it should cost the same however many there are.
func BenchmarkOrganizations(b *testing.B) {
	for _, at := range providertest.AllPlaces {
		for _, count := range []int{1, 100, 1000} {
			b.Run(fmt.Sprintf("%s/organizations=%d", at, count), func(b *testing.B) { benchmarkOrganizations(b, at, count) })
		}
	}
}

func benchmarkOrganizations(b *testing.B, at providertest.Place, count int) {
	b.Helper()
	f := newCrowd(b, at, count)
	peak, calls, before := uint64(0), 0, cpuTime(b)
	for b.Loop() {
		peak = max(peak, heapGrowth(func() { f.run(b) }))
		calls += len(f.mock.Requests())
		f.mock.ClearRequests()
	}
	organizations := float64(b.N * count)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/organizations, "ns/org")
	if used := cpuTime(b) - before; used > 0 {
		b.ReportMetric(float64(used.Nanoseconds())/organizations, "cpu-ns/org") // also right on a busy machine
	}
	b.ReportMetric(float64(calls)/organizations, "calls/org")
	b.ReportMetric(float64(peak)/1e6, "peak-heap-MB")
}

// TestThousandOrganizations is not parallel to other tests: it looks at the memory of the process.
func TestThousandOrganizations(t *testing.T) {
	for _, at := range providertest.AllPlaces {
		t.Run(at.String(), func(t *testing.T) { testThousandOrganizations(t, at) })
	}
}

func testThousandOrganizations(t *testing.T, at providertest.Place) {
	t.Helper()
	const count = 1000
	f := newCrowd(t, at, count)
	grown := heapGrowth(func() { f.run(t) })
	t.Logf("the heap grew by %.1f MB at the most", float64(grown)/1e6)
	if grown > memoryLimit {
		t.Errorf("the heap grew by %d bytes, which is more than %d", grown, int(memoryLimit))
	}

	calls := map[string][]string{}
	for _, request := range f.mock.Requests() {
		if request.ForeignToken || request.Status != http.StatusOK {
			t.Errorf("%s %s of %s: status %d, foreign token %t",
				request.Method, request.Path, request.Organization, request.Status, request.ForeignToken)
		}
		what := request.Path[strings.LastIndex(request.Path, "/")+1:]
		if strings.Contains(request.Path, providertest.ApplicationCalls+"/") {
			what = providertest.ApplicationDocument
		}
		calls[request.Organization] = append(calls[request.Organization], request.Method+" "+what)
	}
	if len(calls) != count {
		t.Errorf("%d organizations were called, want %d", len(calls), count)
	}
	want := append(at.Look(providertest.AllFlags()...), "POST token")
	slices.Sort(want)
	for organization, got := range calls {
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the calls of %s are %q, want %q", organization, got, want)
		}
	}
}

// cpuTime is what this process has used so far, in steps of 10 ms; 0 where the system does not tell.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var user, system time.Duration
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		tb.Fatal(err)
	}
	return (user + system) * 10 * time.Millisecond
}

// heapGrowth returns how far the heap grew while something ran, garbage included.
func heapGrowth(work func()) uint64 {
	heap := func() uint64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}} // unlike MemStats, does not stop the program
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before, peak := heap(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for {
			peak = max(peak, heap())
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
		}
	}()
	work()
	close(stop)
	<-stopped
	return max(peak, before) - before
}

// crowd is a mock server with many organizations, each with an application of its own, and what Terraform holds of
// them.
type crowd struct {
	at          providertest.Place
	mock        *mockserver.Server
	credentials values
	objects     []crowdObject
}

// crowdObject is a resource whose configuration is what the server has.
type crowdObject struct {
	typeName      string
	state, config values
}

func newCrowd(tb testing.TB, at providertest.Place, count int) *crowd {
	tb.Helper()
	f := &crowd{at: at, credentials: values{}}
	state := mockserver.State{Organizations: map[string]*mockserver.Organization{}}
	for i := range count {
		name := fmt.Sprintf("organization-%d", i)
		state.Organizations[name] = &mockserver.Organization{
			ClientID: "client-" + name, ClientSecret: "secret-" + name,
			MyAccount: providertest.Stored{}, Connections: map[string][]string{},
		}
		at.Set(state.Organizations[name], values{
			"enabled": true, "email_otp_enabled": true, "sms_otp_enabled": false, "totp_enabled": true,
			"backup_codes_enabled": false, "totp_enrollment_enabled": true,
		})
		f.credentials[name] = values{"client_id": "client-" + name, "client_secret": "secret-" + name}
		portalConfig := values{"organization": name, "enabled": true}
		factorConfig := values{
			"organization": name, "email_otp_enabled": true, "totp_enabled": true, "totp_enrollment_enabled": true,
		}
		factorState := maps.Clone(factorConfig)
		factorState["api"] = at.String()
		f.objects = append(
			f.objects,
			crowdObject{
				portalType,
				values{"organization": name, "api": at.String(), "enabled": true, "url": ""},
				portalConfig,
			},
			crowdObject{twoFactorType, factorState, factorConfig},
		)
	}
	f.mock = mockserver.New(tb, mockserver.WithState(state))
	for _, o := range f.objects {
		if o.typeName == portalType {
			o.state["url"] = fmt.Sprintf("%s/t/%s/myaccount", f.mock.URL(), o.state["organization"])
		}
	}
	return f
}

// run refreshes and plans everything in a new process, which finds nothing to change.
func (f *crowd) run(tb testing.TB) {
	tb.Helper()
	var connection http.RoundTripper
	server, err := providerserver.NewProtocol6WithError(&provider.Provider{Version: "test", Wrap: func(
		r http.RoundTripper,
	) http.RoundTripper {
		connection = r
		return r
	}})()
	if err != nil {
		tb.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	block, err := encoded(schemas.Provider.ValueType(),
		values{
			"base_url": f.mock.URL(), "requests_per_minute": 0, "my_account_api": f.at.String(), "credentials": f.credentials,
		})
	if err != nil {
		tb.Fatal(err)
	}
	configured, err := server.ConfigureProvider(tb.Context(),
		&tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: block})
	if err != nil {
		tb.Fatal(err)
	}
	if err := failure(configured.Diagnostics); err != nil {
		tb.Fatal(err)
	}
	defer connection.(*http.Transport).CloseIdleConnections()

	var workers sync.WaitGroup
	objects := make(chan crowdObject)
	for range 10 {
		workers.Go(func() {
			for o := range objects {
				if err := o.refreshAndPlan(tb.Context(), server, schemas.ResourceSchemas[o.typeName].ValueType()); err != nil {
					tb.Errorf("%s of %v: %v", o.typeName, o.state["organization"], err)
				}
			}
		})
	}
	for _, o := range f.objects {
		objects <- o
	}
	close(objects)
	workers.Wait()
}

func (o crowdObject) refreshAndPlan(ctx context.Context, server tfprotov6.ProviderServer, typ tftypes.Type) error {
	state, err := encoded(typ, o.state)
	if err != nil {
		return err
	}
	config, err := encoded(typ, o.config)
	if err != nil {
		return err
	}
	read, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: o.typeName, CurrentState: state})
	if err != nil {
		return err
	}
	if err := failure(read.Diagnostics); err != nil {
		return err
	}
	planned, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: o.typeName, PriorState: read.NewState, ProposedNewState: read.NewState, Config: config,
		PriorPrivate: read.Private,
	})
	if err != nil {
		return err
	}
	if err := failure(planned.Diagnostics); err != nil {
		return err
	}
	if !bytes.Equal(read.NewState.MsgPack, state.MsgPack) || !bytes.Equal(planned.PlannedState.MsgPack, state.MsgPack) {
		return fmt.Errorf("there is something to change: %q, read %q, planned %q", state.MsgPack, read.NewState.MsgPack,
			planned.PlannedState.MsgPack)
	}
	return nil
}

// failure is what there is to read, warnings included.
func failure(diags providertest.Diagnostics) error {
	if len(diags) == 0 {
		return nil
	}
	return errors.New(diags.String())
}

func encoded(typ tftypes.Type, v values) (*tfprotov6.DynamicValue, error) {
	value, err := tfprotov6.NewDynamicValue(typ, providertest.ToTerraform(typ, v))
	return &value, err
}
