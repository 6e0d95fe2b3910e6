import { ThrottlerStorageRedisService } from "@nest-lab/throttler-storage-redis";
import { Injectable, type OnApplicationShutdown } from "@nestjs/common";
import type { ThrottlerStorage } from "@nestjs/throttler";
import { Redis } from "ioredis";
import { MemoryCounts, type RequestCount } from "./memory-counts";

/** Milliseconds that Redis has for an answer: a slow one must not slow requests down. */
const REDIS_TIMEOUT_MS = 200;

/** The storage blocks nobody by itself: what is too much is said here. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** Counts requests: in Redis where there is one, so that all processes count together, else in this process. */
@Injectable()
export class RequestCounts implements OnApplicationShutdown {
  readonly #memory = new MemoryCounts();
  readonly #client: Redis | null;
  readonly #shared: ThrottlerStorage | null;
  #failed = false;

  constructor(url: string | undefined) {
    this.#client =
      url === undefined
        ? null
        : new Redis(url, {
            commandTimeout: REDIS_TIMEOUT_MS,
            connectTimeout: REDIS_TIMEOUT_MS * 5,
            enableOfflineQueue: false,
            maxRetriesPerRequest: 0,
          });
    // Its commands tell of what is wrong; this event would end the process.
    this.#client
      ?.on("error", () => (this.#failed = true))
      .on("ready", () => (this.#failed = false));
    this.#shared = this.#client === null ? null : new ThrottlerStorageRedisService(this.#client);
  }

  /** How Redis is; null where none is configured. */
  get redis(): "up" | "down" | null {
    if (this.#client === null) return null;
    return this.#client.status === "ready" && !this.#failed ? "up" : "down";
  }

  /** Counts one more request. Without Redis, where it should be, this process goes on counting by itself. */
  async add(name: string, windowMs: number): Promise<RequestCount> {
    if (this.#shared !== null) {
      try {
        const count = await this.#shared.increment(name, windowMs, UNLIMITED, windowMs, "requests");
        this.#failed = false;
        return { hits: count.totalHits, expires_in: count.timeToExpire };
      } catch {
        this.#failed = true;
      }
    }
    return this.#memory.add(name, windowMs);
  }

  onApplicationShutdown(): void {
    this.#client?.disconnect();
  }
}
