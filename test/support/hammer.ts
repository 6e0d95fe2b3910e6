import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import type { Tenant } from "@stratum-hq/lib";
import type { Order } from "./hammered-order";

/** Whose requests a client sends, and by which credentials. */
export interface Sender {
  readonly tenant: Tenant;
  readonly headers: readonly Record<string, string>[];
}

/** What came of the hammering. */
export interface Tally {
  requests: number;
  /** By method and path; then by the status of its answers, 0 for those whose client went away. */
  readonly statuses: Record<string, Record<number, number>>;
  rows: number;
  /** Rows, and answers, that are not of the tenant that asked. */
  readonly foreign: unknown[];
  /** Rows that were answered as written. */
  written: number;
}

const REQUESTS = [
  ["GET", "/orders"],
  ["POST", "/orders"],
  ["POST", "/orders/touched"],
  ["POST", "/orders/nested"],
  ["POST", "/orders/failing"],
  ["POST", "/orders/broken"],
  ["GET", "/orders/stream"],
  ["POST", "/orders/later"],
  ["GET", "/entities"],
  ["POST", "/entities"],
  ["POST", "/entities/nested"],
  ["POST", "/entities/failing"],
] as const;

/** Those that are answered with one row that they wrote. */
const WRITES = ["POST /orders", "POST /orders/nested", "POST /entities", "POST /entities/nested"];

const TYPES: Record<string, Record<string, string>> = {
  POST: { "content-type": "application/json" },
};

/** One of so many requests is given up before its answer comes. */
const IMPATIENCE = 50;

function oneOf<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

interface Sent {
  readonly status: number;
  readonly body: string;
}

/** Sends one request; status 0 where the client went away. */
function send(
  url: URL,
  options: { agent: Agent; method: string; headers: Record<string, string> },
  body: string | null,
): Promise<Sent> {
  return new Promise((answered) => {
    const gone = (): void => answered({ status: 0, body: "" });
    const sent = request(url, options, (response) => {
      text(response).then((all) => answered({ status: response.statusCode ?? 0, body: all }), gone);
    });
    sent.on("error", gone);
    sent.end(body ?? undefined);
    if (Math.random() * IMPATIENCE < 1) setTimeout(() => sent.destroy(), Math.random() * 20);
  });
}

function rowsIn(path: string, { status, body }: Sent): { tenant: string | null; rows: Order[] } {
  if (status === 0 || status >= 400) return { tenant: null, rows: [] };
  if (!path.endsWith("/stream")) return JSON.parse(body) as { tenant: string; rows: Order[] };
  const lines = body.split("\n").filter((line) => line !== "");
  return { tenant: null, rows: lines.map((line) => JSON.parse(line) as Order) };
}

/** Requests of each client on a machine on which time runs out before. */
const EACH_AT_LEAST = 2;

/**
 * Has so many clients send random requests of random tenants, one after the other each, until it is time.
 *
 * @param until milliseconds since 1970
 */
export async function hammer(
  url: string,
  senders: readonly Sender[],
  { clients, until }: { clients: number; until: number },
): Promise<Tally> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const tally: Tally = { requests: 0, statuses: {}, rows: 0, foreign: [], written: 0 };
  const client = async (): Promise<void> => {
    for (let sent = 0; sent < EACH_AT_LEAST || Date.now() < until; sent += 1) {
      const { tenant, headers } = oneOf(senders);
      const [method, path] = oneOf(REQUESTS);
      const body = method === "POST" ? JSON.stringify({ note: tenant.id }) : null;
      const options = { agent, method, headers: { ...oneOf(headers), ...TYPES[method] } };
      const answer = await send(new URL(path, url), options, body);
      count(tally, `${method} ${path}`, tenant, answer);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return tally;
}

function count(tally: Tally, name: string, { id }: Tenant, answer: Sent): void {
  tally.requests += 1;
  const statuses = (tally.statuses[name] ??= {});
  statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  const { tenant, rows } = rowsIn(name, answer);
  tally.rows += rows.length;
  if (tenant !== null && tenant !== id) tally.foreign.push({ asked: id, answered: tenant });
  tally.foreign.push(...rows.filter((row) => row.tenant_id !== id || row.note !== id));
  if (answer.status === 201 && WRITES.includes(name)) tally.written += 1;
}
