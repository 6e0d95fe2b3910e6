/** Time. */
export { instantSchema } from "./instant";
