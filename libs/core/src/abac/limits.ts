/** Characters of an ABAC policy's name. */
export const ABAC_POLICY_NAME_MAX_LENGTH = 255;

/** Characters of an ABAC policy's `resource_type` and `action`, and of the action of a request. */
export const ABAC_PATTERN_MAX_LENGTH = 255;

/** Characters of the attribute of an ABAC condition, dots included. */
export const ABAC_ATTRIBUTE_MAX_LENGTH = 255;

/** Conditions of one ABAC policy. */
export const ABAC_CONDITIONS_MAX = 50;
