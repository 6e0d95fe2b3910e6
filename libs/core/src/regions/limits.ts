/** Characters of a region's `display_name`. */
export const REGION_NAME_MAX_LENGTH = 255;

/** Characters of a region's `control_plane_url` and `database_url`. */
export const REGION_URL_MAX_LENGTH = 2048;
