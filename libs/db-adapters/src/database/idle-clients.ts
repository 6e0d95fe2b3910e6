import type { Client } from "pg";

/** pg's types do not have what keeps a process alive. */
type Referenced = Client & { ref(): void; unref(): void };

/** Connections that nobody uses, by their databases. They keep no process alive. */
export class IdleClients {
  /** Databases in the order of their last use, each with its connections, the last used one at the end. */
  readonly #byKey = new Map<string, Client[]>();
  readonly #timers = new Map<Client, NodeJS.Timeout>();

  /**
   * @param idleMs milliseconds after which one is closed
   * @param close closes one that has been taken out
   */
  constructor(
    private readonly idleMs: number,
    private readonly close: (client: Client) => void,
  ) {}

  put(key: string, client: Client): void {
    const clients = this.#byKey.get(key) ?? [];
    this.#byKey.delete(key);
    this.#byKey.set(key, [...clients, client]);
    (client as Referenced).unref();
    const expire = (): void => {
      if (this.remove(key, client)) this.close(client);
    };
    this.#timers.set(client, setTimeout(expire, this.idleMs).unref());
  }

  /** The one of a database that was used last; undefined where it has none. */
  take(key: string): Client | undefined {
    const client = this.#byKey.get(key)?.at(-1);
    if (client === undefined) return undefined;
    this.remove(key, client);
    (client as Referenced).ref();
    return client;
  }

  /** One of the database that has not been used for longest; undefined where there is none. */
  takeLeastRecent(): Client | undefined {
    for (const [key, [client]] of this.#byKey) {
      if (client !== undefined && this.remove(key, client)) return client;
    }
    return undefined;
  }

  /** Takes all out, or all of a database. */
  takeAll(key?: string): Client[] {
    const clients: Client[] = [];
    for (const each of key === undefined ? [...this.#byKey.keys()] : [key]) {
      for (const client of this.#byKey.get(each) ?? []) {
        if (this.remove(each, client)) clients.push(client);
      }
    }
    return clients;
  }

  /** Whether it was there. */
  remove(key: string, client: Client): boolean {
    const clients = this.#byKey.get(key);
    if (clients === undefined || !clients.includes(client)) return false;
    const left = clients.filter((each) => each !== client);
    if (left.length > 0) this.#byKey.set(key, left);
    else this.#byKey.delete(key);
    clearTimeout(this.#timers.get(client));
    this.#timers.delete(client);
    return true;
  }
}
