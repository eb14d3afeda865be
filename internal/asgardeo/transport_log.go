package asgardeo

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logSubsystem is where the client's lines go. No body and no header is ever logged; masks guard the rest.
const logSubsystem = "client"

// withLog prepares a context for log lines in which none of the secrets can appear.
func withLog(ctx context.Context, secrets []string) context.Context {
	ctx = tflog.NewSubsystem(ctx, logSubsystem)
	ctx = tflog.SubsystemMaskAllFieldValuesStrings(ctx, logSubsystem, secrets...)
	return tflog.SubsystemMaskMessageStrings(ctx, logSubsystem, secrets...)
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
