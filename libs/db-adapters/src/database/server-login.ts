import { Client, type ClientConfig, type Pool } from "pg";

/** Milliseconds that connecting may take, where the options of the server say nothing. */
const CONNECT_MS = 10_000;

/** Who logs in. */
export interface Login {
  readonly user: string | undefined;
  readonly password: ClientConfig["password"];
}

/** What pg.Client keeps of its options, and its types do not have. */
interface Settings {
  user: string | undefined;
  database: string | undefined;
}

/** A pool's options, with the password, which pg hides from a copy. */
export function optionsOf(pool: Pool): ClientConfig {
  const { options }: { options: ClientConfig } = pool;
  return { ...options, password: options.password };
}

/** Who a pool logs in as, wherever its options say so: in a connection string, or in the environment. */
export function loginOf(pool: Pool): Login {
  // A password may be a function, which pg asks at each connection, and keeps as it is.
  const { user, password } = new Client(optionsOf(pool));
  return { user, password };
}

/**
 * A client of a server, for one of its databases, that has not connected yet. The options may name the server
 * in any way that pg understands; a connection string outweighs `database` and `user` there, so that they are
 * changed where pg has read it.
 *
 * @param database left out, the one that the options say
 * @param login left out, the one that the options say
 */
export function clientOf(options: ClientConfig, database?: string, login?: Login): Client {
  const client = new Client({ connectionTimeoutMillis: CONNECT_MS, ...options });
  const settings = Reflect.get(client, "connectionParameters") as Settings;
  if (database !== undefined) settings.database = client.database = database;
  if (login !== undefined) {
    settings.user = client.user = login.user;
    Reflect.set(client, "password", login.password);
  }
  return client;
}
