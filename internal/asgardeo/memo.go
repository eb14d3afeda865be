package asgardeo

import (
	"context"
	"errors"
	"sync"
	"time"
)

// memo keeps what the last read of each stored object saw, so that a plan judges with what the refresh of the same
// run has just read instead of asking again. It lives as long as the process: seconds.
type memo struct {
	reads flights[any]

	mutex   sync.Mutex
	objects map[string]any
	// writes counts what cleared the memo. A read that began before a write must not leave its result behind.
	writes int
}

// recall returns what the last read of the object saw.
func (m *memo) recall(key string) (any, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	value, ok := m.objects[key]
	return value, ok
}

// clear forgets the object, and keeps readers that start from now on from joining a read that is under way.
func (m *memo) clear(key string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.writes++
	delete(m.objects, key)
	m.reads.forget(key)
}

// read runs fetch and keeps its result. Readers that come while it runs share it.
func (m *memo) read(ctx context.Context, key string, fetch func() (any, error)) (any, error) {
	return m.reads.do(ctx, key, func() (any, error) {
		m.mutex.Lock()
		before := m.writes
		m.mutex.Unlock()
		value, err := fetch()
		m.mutex.Lock()
		defer m.mutex.Unlock()
		if err == nil && m.writes == before {
			if m.objects == nil {
				m.objects = map[string]any{}
			}
			m.objects[key] = value
		}
		return value, err
	})
}

// gaveUp reports whether the caller's own limits ended a call: another caller may have more time.
func gaveUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errNoTurn)
}

// sleep waits, or returns early with the context's error.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
