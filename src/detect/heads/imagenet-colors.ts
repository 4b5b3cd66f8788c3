/** Mean and standard deviation of ImageNet's red, green and blue, 0..255. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406].map(share => 255 * share);
export const IMAGENET_DEVIATION = [0.229, 0.224, 0.225].map(share => 255 * share);
