import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { INestApplication, ModuleMetadata } from "@nestjs/common";
import { APP_FILTER } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import {
  Stratum,
  StratumExceptionFilter,
  StratumModule,
  type StratumOptions,
} from "@stratum-hq/lib";

export const FRAMEWORKS = ["fastify", "express"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** A Nest application that listens, as one in production does. */
export interface TenantApp {
  readonly app: INestApplication;
  readonly stratum: Stratum;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What an answer's problem+json says. */
export function codeIn({ status, body }: Answer): [status: number, code: unknown] {
  return [status, (body as { code?: unknown }).code];
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const { status, headers } = response;
  return { status, headers, body: isJson ? (JSON.parse(text) as unknown) : text };
}

/**
 * Starts an application.
 *
 * @param prepare is given the application before it starts
 */
export async function startTenantApp(
  framework: Framework,
  { options, ...metadata }: { options: StratumOptions } & ModuleMetadata,
  prepare: (app: INestApplication) => void = () => undefined,
): Promise<TenantApp> {
  const module = await Test.createTestingModule({
    ...metadata,
    imports: [StratumModule.forRoot(options), ...(metadata.imports ?? [])],
    providers: [
      { provide: APP_FILTER, useClass: StratumExceptionFilter },
      ...(metadata.providers ?? []),
    ],
  }).compile();
  const adapter = framework === "fastify" ? new FastifyAdapter() : new ExpressAdapter();
  const app = module.createNestApplication(adapter, { logger: false });
  prepare(app);
  await app.listen(0, "127.0.0.1");
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    app,
    stratum: app.get<Stratum>(Stratum),
    url,
    get: (path, headers = {}) => ask(`${url}${path}`, { headers }),
  };
}
