import { setTimeout as after } from "node:timers/promises";
import { Body, Controller, Get, Post, StreamableFile } from "@nestjs/common";
import { CurrentTenant, Stratum, type TenantClient } from "@stratum-hq/lib";
import { Readable } from "node:stream";
import { NEVER, type Order } from "./hammered-order";

/** What promises saw that outlived their request, and how many of them were refused. */
export const outlived: { seen: { tenant: string; rows: Order[] }[]; refused: number } = {
  seen: [],
  refused: 0,
};

const ROWS = "select tenant_id, note from orders limit 50";
const INSERT = "insert into orders (note) values ($1) returning tenant_id, note";
const ATTEMPTS = 20;

/** Reads and writes of the tenant in context; none of the statements names a tenant. */
@Controller("orders")
export class HammeredController {
  constructor(private readonly stratum: Stratum) {}

  @Get()
  async list(@CurrentTenant("tenant_id") tenant: string) {
    const pool = await this.stratum.tenantPool();
    return { tenant, rows: (await pool.query<Order>(ROWS)).rows };
  }

  @Post()
  async add(@CurrentTenant("tenant_id") tenant: string, @Body() { note }: Order) {
    const pool = await this.stratum.tenantPool();
    return { tenant, rows: (await pool.query<Order>(INSERT, [note])).rows };
  }

  @Post("touched")
  async touch(@CurrentTenant("tenant_id") tenant: string) {
    const pool = await this.stratum.tenantPool();
    const text = `update orders set touched = touched + 1
      where id = (select id from orders order by id limit 1) returning tenant_id, note`;
    return { tenant, rows: (await pool.query<Order>(text)).rows };
  }

  /** Commits, of two rows, the one whose savepoint is not given up. */
  @Post("nested")
  nested(@CurrentTenant("tenant_id") tenant: string, @Body() { note }: Order) {
    return this.inTransaction(async (client) => {
      const { rows } = await client.query<Order>(INSERT, [note]);
      await client
        .transaction(async () => {
          await client.query(INSERT, [NEVER]);
          await client.query("select 1 / 0");
        })
        .catch(() => undefined);
      return { tenant, rows: [...rows, ...(await client.query<Order>(ROWS)).rows] };
    });
  }

  @Post("failing")
  failing() {
    return this.inTransaction(async (client) => {
      await client.query(INSERT, [NEVER]);
      throw new Error("of the application");
    });
  }

  /** Leaves a connection behind in a failed transaction. */
  @Post("broken")
  async broken() {
    const client = await (await this.stratum.tenantPool()).connect();
    try {
      await client.begin();
      await client.query(INSERT, [NEVER]);
      await client.query("select 1 / 0");
    } finally {
      client.release();
    }
  }

  @Get("stream")
  async stream() {
    const pool = await this.stratum.tenantPool();
    const rows = await pool.transaction(async (client) => {
      const lines: string[] = [];
      for await (const row of client.stream<Order>(ROWS, [], { batch: 7 })) {
        lines.push(JSON.stringify(row));
      }
      return lines;
    });
    return new StreamableFile(Readable.from(rows.map((row) => `${row}\n`)));
  }

  /** Answers while it reads, and goes on reading. */
  @Post("later")
  async later(@CurrentTenant("tenant_id") tenant: string) {
    void this.goOn(tenant);
    return this.list(tenant);
  }

  private async goOn(tenant: string): Promise<void> {
    try {
      const pool = await this.stratum.tenantPool();
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        outlived.seen.push({ tenant, rows: (await pool.query<Order>(ROWS)).rows });
        await after(10);
      }
    } catch (error) {
      if ((error as { code?: string }).code === "TENANT_CONTEXT_MISSING") outlived.refused += 1;
    }
  }

  private async inTransaction<T>(work: (client: TenantClient) => Promise<T>): Promise<T> {
    return (await this.stratum.tenantPool()).transaction(work);
  }
}
