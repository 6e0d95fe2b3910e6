/** Own properties that a repository or an entity manager may be asked for, beside its prototype's. */
const OWN: ReadonlySet<PropertyKey> = new Set([
  "dataSource",
  "manager",
  "queryRunner",
  "target",
  "@instanceof",
]);

/**
 * An object that is another one at each access: the one of the running code's tenant and transaction. What the
 * type has not is not there either, so that a container which looks for hooks finds none.
 */
export function inContext<T extends object>(type: { readonly prototype: T }, current: () => T): T {
  return new Proxy<T>(Object.create(type.prototype) as T, {
    get: (_, property): unknown => {
      if (!(property in type.prototype) && !OWN.has(property)) return undefined;
      const target = current();
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
    set: () => false,
  });
}
