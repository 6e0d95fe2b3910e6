import { applyDecorators, UseGuards, type CanActivate, type Type } from "@nestjs/common";
import type { ReflectableDecorator } from "@nestjs/core";

/**
 * A decorator of handlers and controllers that adds to what is asked there, and brings the guard that
 * enforces it. One that only set its values would drop those of another one at the same place.
 *
 * @param marker keeps the values as metadata
 * @param guard reads them, at the handler and at its controller
 */
export function requirement(
  marker: ReflectableDecorator<string[]>,
  guard: Type<CanActivate>,
  values: readonly string[],
): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const place = (descriptor?.value ?? target) as object;
    const earlier = (Reflect.getMetadata(marker.KEY, place) ?? []) as string[];
    const decorate = applyDecorators(marker([...earlier, ...values]), UseGuards(guard));
    decorate(target as never, key, descriptor as never);
  };
}
