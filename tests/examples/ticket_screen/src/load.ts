// Loading: the latest request wins, and the value before it stays visible.
import { useEffect, useState } from "preact/hooks";

export interface Loaded<T> {
  value?: T;
  error?: Error;
  loading: boolean;
  reload: () => void;
  /** Change the value that is current then, not the one that was shown when the change began. */
  change: (update: (value: T) => T) => void;
}

/** Load when a dependency changes; an older request is aborted, so that it never overwrites. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, depends: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: Error; loading: boolean }>({ loading: true });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const aborter = new AbortController();
    setState(({ value }) => ({ value, loading: true }));
    load(aborter.signal).then(
      (value) => aborter.signal.aborted || setState({ value, loading: false }),
      (error: Error) => aborter.signal.aborted || setState(({ value }) => ({ value, error, loading: false })),
    );
    return () => aborter.abort();
  }, [...depends, attempt]);
  return {
    ...state,
    reload: () => setAttempt((count) => count + 1),
    change: (update) =>
      setState((state) => (state.value === undefined ? state : { ...state, value: update(state.value) })),
  };
}

/** Return a value once it has not changed for some milliseconds. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
