/** Name of the output with the detections that an added non-maximum suppression selects. */
export const SELECTED_OUTPUT = 'selected';
