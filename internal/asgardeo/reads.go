package asgardeo

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// The name of a read says how it goes:
//
//	Read, or none of these  asks the server, in one request for all who ask at the same time (readShared), and remembers
//	Recent…                 takes what is remembered, or else does that (readRecent)
//	Known…                  takes what is remembered, or nothing (recall)
//	Expected…               reads, and again after a wait while there is nothing (reread)
//
// A write reads past this, before and after, and makes what is remembered of its object forgotten.

// memo keeps what the last read of each thing found, so that a plan judges with what the refresh of the same run has
// just read instead of asking again. It lives as long as the process.
type memo struct {
	reads singleflight.Group

	mutex   sync.Mutex
	objects map[string]any
	// writes counts what cleared the memo. A read that began before a write must not leave its result behind.
	writes int
}

func (m *memo) recall(key string) (any, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	value, ok := m.objects[key]
	return value, ok
}

// clear forgets what is under the key, and keeps readers that start from now on from joining a read that is under way.
func (m *memo) clear(key string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.writes++
	delete(m.objects, key)
	m.reads.Forget(key)
}

func readShared[T any](
	ctx context.Context, o *Organization, key, doing string, fetch func(ctx context.Context) (T, error),
) (T, error) {
	m := &o.memo
	value, err := share(ctx, &m.reads, key, func() (any, error) {
		m.mutex.Lock()
		before := m.writes
		m.mutex.Unlock()
		value, err := fetch(ctx)
		m.mutex.Lock()
		defer m.mutex.Unlock()
		if err == nil && m.writes == before {
			m.objects[key] = value
		}
		return value, err
	})
	found, _ := value.(T) // nothing where the read failed
	return found, o.interrupted(err, doing)
}

func readRecent[T any](
	ctx context.Context, o *Organization, key, doing string, fetch func(ctx context.Context) (T, error),
) (T, error) {
	if known, ok := o.memo.recall(key); ok {
		return known.(T), nil
	}
	return readShared(ctx, o, key, doing, fetch)
}

const (
	// A server of several nodes may answer, for a moment after a write, from a cache that does not know of it yet.
	staleFor     = 10 * time.Second
	staleRereads = 3
)

// reread reads again, after a wait, while the answer is older than what was written just now, but not for ever.
func reread[T any](
	ctx context.Context, o *Organization, doing string, read func(ctx context.Context) (T, error),
	isStale func(found T) bool,
) (T, error) {
	for rereads := 0; ; rereads++ {
		found, err := read(ctx)
		if err != nil || rereads == staleRereads || !isStale(found) {
			return found, err
		}
		select {
		case <-time.After(o.client.config.RetryWaitMin):
		case <-ctx.Done():
			return found, o.interrupted(ctx.Err(), doing)
		}
	}
}

// interrupted turns the error of a context into one that says what it kept from happening.
func (o *Organization) interrupted(err error, doing string) error {
	if _, ok := errors.AsType[*Error](err); ok || !gaveUp(err) {
		return err
	}
	return &Error{Kind: TimedOut, Doing: doing, Organization: o.name, Err: err}
}

// share lets callers that want the same thing at the same time share one piece of work. It runs under the context of
// the caller that came first; the others wait for it, each as long as its own context lasts. A caller that waits for
// another one's work does its own when the other one gave up.
func share(
	ctx context.Context, flights *singleflight.Group, key string, work func() (any, error),
) (any, error) {
	for {
		var mine atomic.Bool
		results := flights.DoChan(key, func() (any, error) {
			mine.Store(true)
			return work()
		})
		var result singleflight.Result
		select {
		case result = <-results:
		case <-ctx.Done():
			if !mine.Load() {
				return nil, ctx.Err()
			}
			result = <-results // the work ends with the same context, and its error tells more
		}
		if mine.Load() || ctx.Err() != nil || !gaveUp(result.Err) {
			return result.Val, result.Err
		}
	}
}
