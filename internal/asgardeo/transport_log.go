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
func logAttempt(request *http.Request, response *http.Response, body []byte, err error, duration time.Duration) {
	clean := func(string) Text { return redacted }
	fields := map[string]any{
		"method":      request.Method,
		"path":        request.URL.Path,
		"duration_ms": duration.Milliseconds(),
	}
	if record, ok := request.Context().Value(attemptsKey{}).(*attempts); ok {
		fields["attempt"] = record.count + 1
		clean = record.clean
	}
	if err != nil {
		fields["error"] = string(clean(err.Error()))
		tflog.SubsystemWarn(request.Context(), logSubsystem, "No answer from the management API", fields)
		return
	}
	fields["status"] = response.StatusCode
	var said serverError
	if response.StatusCode >= http.StatusBadRequest {
		said, _ = parseServerError(body)
	}
	if trace := said.traceID(response); trace != "" {
		fields["trace_id"] = string(clean(trace))
	}
	tflog.SubsystemDebug(request.Context(), logSubsystem, "Called the management API", fields)
}

func logWait(ctx context.Context, waited time.Duration) {
	tflog.SubsystemInfo(ctx, logSubsystem, "Waited to stay below the limit on requests", map[string]any{"waited_ms": waited.Milliseconds()})
}
