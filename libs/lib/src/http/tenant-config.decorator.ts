import { createParamDecorator, Injectable, type PipeTransform, type Type } from "@nestjs/common";
import type { JsonValue } from "@stratum-hq/core";
import { runUnscoped } from "../context/caller";
import { currentTenantId } from "../context/tenant-context";
import { Stratum } from "../stratum";

/** Turns a key into what it resolves to for the tenant in context. */
@Injectable()
export class TenantConfigPipe implements PipeTransform<string, Promise<JsonValue | undefined>> {
  constructor(private readonly stratum: Stratum) {}

  /** @throws TenantContextMissingError, and what resolveConfig throws */
  async transform(key: string): Promise<JsonValue | undefined> {
    const resolve = () => this.stratum.resolveConfig(currentTenantId());
    return (await runUnscoped(resolve))[key]?.value;
  }
}

const Key = createParamDecorator<string>((key) => key);

/**
 * What a key of the configuration resolves to for the tenant in context, as a parameter of a handler;
 * undefined where no tenant of the chain has it.
 *
 * @param pipes what the value goes through, `new DefaultValuePipe(10)` for example
 *
 * @example
 * upload(@TenantConfig("uploads.max_bytes") maxBytes: number | undefined)
 */
export function TenantConfig(
  key: string,
  ...pipes: (PipeTransform | Type<PipeTransform>)[]
): ParameterDecorator {
  return Key(key, TenantConfigPipe, ...pipes);
}
