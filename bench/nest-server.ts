// A server of its own process: node nest-server.js plain | tenant. It prints its port.
import "reflect-metadata";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Controller, Get, Module, type Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { ApiKeyResolver, HeaderResolver, JwtResolver, StratumModule } from "@stratum-hq/lib";
import { Pool } from "pg";

@Controller()
class PingController {
  @Get("ping")
  ping() {
    return { pong: true };
  }
}

@Module({ controllers: [PingController] })
class PlainModule {}

/** The environment has the database's URL and the secret of tokens. */
function tenantModule(): Type {
  const pool = new Pool({ connectionString: process.env["BENCH_DATABASE_URL"] });
  const secret = process.env["BENCH_JWT_SECRET"] ?? "";
  const http = {
    resolvers: [new JwtResolver({ secret }), new ApiKeyResolver(), new HeaderResolver()],
  };
  @Module({
    imports: [StratumModule.forRoot({ pool, http, worker: false })],
    controllers: [PingController],
  })
  class TenantModule {}
  return TenantModule;
}

async function main(): Promise<void> {
  const module = process.argv[2] === "tenant" ? tenantModule() : PlainModule;
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(0, "127.0.0.1");
  const server: Server = app.getHttpServer();
  process.send?.((server.address() as AddressInfo).port);
  // With the benchmark.
  process.on("disconnect", () => process.exit(0));
}

void main();
