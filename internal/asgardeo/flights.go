package asgardeo

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// flights lets callers that want the same thing at the same time share one piece of work. It runs under the context of
// the caller that came first; the others wait for it, each as long as its own context lasts.
type flights[T any] struct {
	group singleflight.Group
}

// do returns the result of work. A caller that waits for another one's work does its own when the other one gave up.
func (f *flights[T]) do(ctx context.Context, key string, work func() (T, error)) (T, error) {
	for {
		var mine atomic.Bool
		results := f.group.DoChan(key, func() (any, error) {
			mine.Store(true)
			return work()
		})
		var result singleflight.Result
		select {
		case result = <-results:
		case <-ctx.Done():
			if !mine.Load() {
				var none T
				return none, ctx.Err()
			}
			// The work ends with the same context, and its error tells more.
			result = <-results
		}
		if gaveUp(result.Err) && !mine.Load() && ctx.Err() == nil {
			continue
		}
		value, _ := result.Val.(T) // nil where the work failed
		return value, result.Err
	}
}

// forget keeps callers that come from now on from joining work that is under way.
func (f *flights[T]) forget(key string) {
	f.group.Forget(key)
}
