/** Bytes of a value, of metadata, or of a policy's conditions, as UTF-8 JSON without spaces. */
export const JSON_MAX_BYTES = 65_536;

/** Nesting levels of a JSON value; deeper ones exhaust parsers' stacks. */
export const JSON_MAX_DEPTH = 100;
