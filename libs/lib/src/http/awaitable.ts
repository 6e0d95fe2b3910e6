/**
 * A value, or the promise of one. What is known at once is not waited for: on Node 20 each promise costs a
 * fraction of a microsecond where contexts are followed, and a request's would be twenty.
 */
export type Awaitable<T> = T | Promise<T>;

export function isPending<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** Goes on with a value, at once where it is there. */
export function proceed<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPending(value) ? value.then(next) : next(value);
}

/** Does what may fail at once or later, and turns either failure into a value. */
export function settle<T>(work: () => Awaitable<T>, failed: (error: unknown) => T): Awaitable<T> {
  try {
    const value = work();
    return isPending(value) ? value.catch(failed) : value;
  } catch (error) {
    return failed(error);
  }
}
