import type { Client } from "pg";

/** A database that connections are made to, as one login. */
export interface DatabaseTarget {
  /** Tells it from others: connections of one key serve whoever asks for it. */
  readonly key: string;
  /** A client that has not connected yet. */
  client(): Client;
}
