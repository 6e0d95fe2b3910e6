/**
 * SQL: whether table `t` of tenants is on the chain (root, …, the tenant itself) of any of some tenants.
 *
 * @param isOne SQL that compares an id with theirs: `= $1::uuid`
 */
export function isOnChainOf(isOne: string): string {
  return `t.id in (
    select unnest(string_to_array(self.path::text, '.')::uuid[])
    from stratum.tenants as self where self.id ${isOne})`;
}
