package asgardeo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"
)

// noticeableWait is how long a request may queue for its turn before the log says so.
const noticeableWait = 3 * time.Second

// errNoTurn is why a request was never sent: its time is over before its turn comes.
var errNoTurn = fmt.Errorf("the limit on requests leaves no time for this one: %w", context.DeadlineExceeded)

// newLimiter paces requests so that no minute, wherever it starts, sees more than perMinute of them: a tenth of
// them may go out at once, the others follow evenly. The tenth is set aside twice, because Terraform plans in one
// process and applies in the next, which starts afresh within the same minute. 0 switches pacing off.
func newLimiter(perMinute int) *rate.Limiter {
	if perMinute == 0 {
		return rate.NewLimiter(rate.Inf, math.MaxInt)
	}
	burst := max(1, min(2, perMinute/5), perMinute/10) // two where it can be: a read and its write
	steady := max(1, perMinute-2*burst)
	return rate.NewLimiter(rate.Limit(float64(steady)/time.Minute.Seconds()), burst)
}

// queue waits for so many turns. It is no part of an attempt, whose time limit would end while the request still
// queues.
func (t *transport) queue(ctx context.Context, turns int) error {
	if turns == 0 {
		return nil // not even none can be had while others queue
	}
	started := time.Now()
	if t.limiter.WaitN(ctx, turns) != nil {
		return cmp.Or(ctx.Err(), errNoTurn)
	}
	if waited := time.Since(started); waited > noticeableWait {
		fields := map[string]any{"waited_ms": waited.Milliseconds()}
		tflog.SubsystemInfo(ctx, logSubsystem, "Waited to stay below the limit on requests", fields)
	}
	return nil
}
