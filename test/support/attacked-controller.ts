import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { Controller, Get, Query, Res, StreamableFile } from "@nestjs/common";
import { CurrentTenant, Stratum } from "@stratum-hq/lib";

const TITLES = "select title from tickets order by title";

/** What runs on its own behind a request's back tries to read here, and what came of it. */
export const outlived = new EventEmitter();

interface Reply {
  readonly raw?: EventEmitter;
}

/** Handlers that try to get at rows with a context that has ended, or with two at once. */
@Controller()
export class AttackedController {
  constructor(private readonly stratum: Stratum) {}

  @Get("titles")
  async titles(@CurrentTenant("tenant_id") tenant: string) {
    return { tenant, titles: await this.read() };
  }

  @Get("timer")
  timer(@Res({ passthrough: true }) reply: Reply & EventEmitter) {
    void once(reply.raw ?? reply, "close").then(() => setTimeout(() => this.tell("timer"), 1));
    return {};
  }

  @Get("promise")
  promise(@Res({ passthrough: true }) reply: Reply & EventEmitter) {
    const work = async () => {
      await once(reply.raw ?? reply, "close");
      await setImmediate();
      this.tell("promise");
    };
    void work();
    return {};
  }

  @Get("listener")
  listener() {
    outlived.once("wake", () => this.tell("listener"));
    return {};
  }

  @Get("stream")
  stream(@Res({ passthrough: true }) reply: Reply & EventEmitter) {
    const tell = (): void => this.tell("stream");
    const response = reply.raw ?? reply;
    const chunks = async function* () {
      try {
        for (;;) {
          await setImmediate();
          yield "x".repeat(1000);
        }
      } finally {
        // The client has gone away.
        if (!(response as { closed?: boolean }).closed) await once(response, "close");
        tell();
      }
    };
    return new StreamableFile(Readable.from(chunks()));
  }

  @Get("both")
  async both(@Query("of") of: string) {
    const each = of.split(",").map((id) =>
      this.stratum.runInTenant(id, async () => {
        await setImmediate();
        return [id, await this.read(), Stratum.currentTenantId() === id];
      }),
    );
    return { each: await Promise.all(each), own: Stratum.currentTenantId() };
  }

  private tell(name: string): void {
    void this.read().then(
      (titles) => outlived.emit(name, titles),
      ({ code }: { code?: string }) => outlived.emit(name, code),
    );
  }

  private async read(): Promise<unknown[]> {
    const pool = await this.stratum.tenantPool();
    return (await pool.query<{ title: string }>(TITLES)).rows.map(({ title }) => title);
  }
}
