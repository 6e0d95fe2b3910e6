/** Inheritance. */
export {
  HIDDEN_SOURCE,
  hideLinks,
  hideSource,
  hideSources,
  type HiddenTenants,
} from "./disclosure";
export { delegationRefusal, type DelegationRefusal, type PolicyAbove } from "./delegation";
