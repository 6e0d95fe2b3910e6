import { setImmediate } from "node:timers/promises";
import {
  Body,
  Controller,
  DefaultValuePipe,
  Get,
  Injectable,
  Param,
  Post,
  Res,
  StreamableFile,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import {
  CurrentActor,
  CurrentTenant,
  Public,
  RequirePermission,
  RequireScope,
  Stratum,
  TenantConfig,
  type Actor,
  type TenantContext,
} from "@stratum-hq/lib";
import { Readable } from "node:stream";
import { tap, type Observable } from "rxjs";

/** The tenant in context, where some part of the application looks. */
export const here = (): string | null => Stratum.currentTenantContext()?.tenant_id ?? null;

/** What each part saw of the request under way, by its name. */
export const seen: Record<string, string | null> = {};

@Injectable()
class SeeingGuard implements CanActivate {
  canActivate(): boolean {
    seen.guard = here();
    return true;
  }
}

@Injectable()
class SeeingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    seen.before = here();
    return next.handle().pipe(tap(() => (seen.after = here())));
  }
}

@Injectable()
class SeeingPipe implements PipeTransform {
  async transform(value: unknown): Promise<unknown> {
    await setImmediate();
    seen.pipe = here();
    return value;
  }
}

const CHUNKS = 200;
const CHUNK = "x".repeat(20_000);

/** Handlers that tell in which context they run. */
@Controller()
@UseGuards(SeeingGuard)
@UseInterceptors(SeeingInterceptor)
export class ContextController {
  constructor(private readonly stratum: Stratum) {}

  @Get("who")
  who(
    @CurrentTenant() tenant: TenantContext,
    @CurrentTenant("tenant_id") id: string,
    @CurrentActor({ optional: true }) actor: Actor | null,
    @TenantConfig("theme") theme: unknown,
    @TenantConfig("limit", new DefaultValuePipe(10)) limit: unknown,
  ) {
    return { tenant, id, actor, theme, limit: limit };
  }

  @Get("t/:tenant/who")
  byPath(@Param("tenant") named: string) {
    return { id: here(), named };
  }

  @Post("body/:id")
  body(@Param("id", SeeingPipe) id: string, @Body() body: { n: number }) {
    return { id, n: body.n, tenant: here() };
  }

  @Get("passthrough")
  passthrough(@Res({ passthrough: true }) response: { header(name: string, value: string): void }) {
    response.header("x-seen", here() ?? "none");
    return { tenant: here() };
  }

  @Get("fail")
  fail() {
    throw new Error("of the application");
  }

  @Get("stream")
  stream() {
    const chunks = async function* () {
      for (let n = 0; n < CHUNKS; n += 1) {
        await setImmediate();
        yield `${here()} ${CHUNK}\n`;
      }
    };
    return new StreamableFile(Readable.from(chunks()));
  }

  @Get("config")
  async config() {
    const { theme } = await this.stratum
      .setConfig(here() ?? "", "theme", { value: "set" })
      .then(() => this.stratum.resolveConfig(here() ?? ""));
    return { theme: theme?.value };
  }

  @Get("scoped")
  @RequireScope("config:write")
  scoped() {
    return { tenant: here() };
  }

  @Get("permitted")
  @RequirePermission("reports")
  permitted() {
    return { tenant: here() };
  }

  @Get("public")
  @Public()
  public(@CurrentActor({ optional: true }) actor: Actor | null) {
    return { tenant: here(), actor: actor?.actor_id ?? null };
  }

  @Get("public-scoped")
  @Public()
  @RequireScope("config:read")
  publicScoped() {
    return { tenant: here() };
  }
}
