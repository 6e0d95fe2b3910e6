import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { runChild, type Child } from "../../../test/support/child";
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from "../src";
import { runningPostmaster, shutDown } from "../src/postmaster";

/** What another process says of the server that it started. */
export interface Started {
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
  readonly dataDir: string;
}

/** Asks a server something. */
export async function answer(url: string, question = "select 42 as answer"): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(question);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** What a call was refused with. */
export async function refusal(work: Promise<unknown>): Promise<EmbeddedPostgresError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** A data directory for each test; whatever was started on it ends with the test. */
export class DataDirectory {
  /** Mode 0755, and above {@link dataDir}. */
  directory = "";
  dataDir = "";
  private readonly servers: EmbeddedPostgres[] = [];
  private readonly children: Child[] = [];

  open(): void {
    this.directory = mkdtempSync(join(tmpdir(), "stratum-embedded-"));
    chmodSync(this.directory, 0o755);
    this.dataDir = join(this.directory, "data");
  }

  async start(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir: this.dataDir, fsync: false, ...options });
    this.servers.push(server);
    return server;
  }

  /** Starts the server from another process: one that waits for SIGTERM, or another program. */
  async startElsewhere(
    options: Parameters<typeof runChild>[2] = {},
    program = "start-and-wait.ts",
  ): Promise<{ child: Child; started: Started }> {
    const child = runChild(join(__dirname, program), [this.dataDir], options);
    this.children.push(child);
    for await (const line of child.lines) return { child, started: JSON.parse(line) as Started };
    throw new Error((await child.ended).stderr);
  }

  async close(): Promise<void> {
    for (const child of this.children.splice(0)) {
      child.process.kill("SIGKILL");
      await child.ended;
    }
    const used = new Set([this.dataDir, ...this.servers.splice(0).map(({ dataDir }) => dataDir)]);
    for (const dataDir of used) {
      const postmaster = runningPostmaster(dataDir);
      if (postmaster !== null) await shutDown(postmaster, dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Gives each test of a suite a data directory of its own. */
export function useDataDirectory(): DataDirectory {
  const place = new DataDirectory();
  beforeEach(() => place.open());
  afterEach(() => place.close());
  return place;
}
