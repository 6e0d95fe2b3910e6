/** What an event makes caches forget: all that they know of its tenant and of those below, or nothing. */
export type Invalidation = "subtree" | "nothing";

/** Types of events, and what each makes caches forget. */
export type EventTypes = Readonly<Record<string, Invalidation>>;

/** Injects the types of events that all features declare. */
export const EVENT_TYPES = Symbol("stratum.event_types");
