package asgardeo

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logSubsystem is where the client's lines go. No body and no header is ever logged; masks guard the rest.
const logSubsystem = "client"

// recording returns a context for a request whose attempts are recorded, and in whose log lines and record no secret of
// the organization or of the request appears.
func (o *Organization) recording(ctx context.Context, record *attempts, secrets ...string) context.Context {
	record.clean = o.cleaner(secrets...)
	secrets = slices.Concat(o.secrets, secrets)
	ctx = tflog.NewSubsystem(ctx, logSubsystem)
	ctx = tflog.SubsystemMaskAllFieldValuesStrings(ctx, logSubsystem, secrets...)
	ctx = tflog.SubsystemMaskMessageStrings(ctx, logSubsystem, secrets...)
	return context.WithValue(ctx, attemptsKey{}, record)
}

// logAttempt writes one line. What the server or the network had to say is cleared of secrets in every encoding; the
// masks above know the secrets as they are only.
func logAttempt(request *http.Request, record *attempts, attempt outcome, took time.Duration) {
	fields := map[string]any{
		"method":      request.Method,
		"path":        request.URL.Path,
		"duration_ms": took.Milliseconds(),
		"attempt":     record.count,
	}
	if attempt.err != nil {
		fields["error"] = string(record.clean(attempt.err.Error()))
		tflog.SubsystemWarn(request.Context(), logSubsystem, "No answer from the management API", fields)
		return
	}
	fields["status"] = attempt.response.StatusCode
	var said serverError
	if attempt.response.StatusCode >= http.StatusBadRequest {
		said, _ = attempt.serverError()
	}
	if trace := said.traceID(attempt.response.Header); trace != "" {
		fields["trace_id"] = string(record.clean(trace))
	}
	tflog.SubsystemDebug(request.Context(), logSubsystem, "Called the management API", fields)
}
