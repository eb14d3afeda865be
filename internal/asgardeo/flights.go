package asgardeo

import (
	"context"
	"sync"
)

// flights lets callers that want the same thing at the same time share one piece of work. The caller that starts it does
// it itself, under its own context, and so gets its error in full; the others wait, each as long as its own context
// lasts. (x/sync's singleflight does not tell these two apart.)
type flights[T any] struct {
	mutex   sync.Mutex
	running map[string]*flight[T]
}

type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// do returns the result of work. A caller that waits for another one's work does its own when the other one gave up.
func (f *flights[T]) do(ctx context.Context, key string, work func() (T, error)) (T, error) {
	for {
		current, mine := f.join(key)
		if mine {
			f.run(key, current, work)
			return current.value, current.err
		}
		select {
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		case <-current.done:
			if gaveUp(current.err) && ctx.Err() == nil {
				continue
			}
			return current.value, current.err
		}
	}
}

// join returns the flight under way, or a new one that the caller has to run.
func (f *flights[T]) join(key string) (current *flight[T], mine bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if current, ok := f.running[key]; ok {
		return current, false
	}
	if f.running == nil {
		f.running = map[string]*flight[T]{}
	}
	// Until the work has returned, its outcome is that it was given up: nobody waits for work that panicked.
	current = &flight[T]{done: make(chan struct{}), err: context.Canceled}
	f.running[key] = current
	return current, true
}

func (f *flights[T]) run(key string, current *flight[T], work func() (T, error)) {
	defer func() {
		f.mutex.Lock()
		if f.running[key] == current {
			delete(f.running, key)
		}
		f.mutex.Unlock()
		close(current.done)
	}()
	current.value, current.err = work()
}

// forget keeps callers that come from now on from joining work that is under way.
func (f *flights[T]) forget(key string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.running, key)
}
