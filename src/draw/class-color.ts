export type Color = readonly [red: number, green: number, blue: number];

/** Keeps any number of consecutive hues far apart. */
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));

/** Avoids an alarming red for class 0, which mostly is `person`. */
const FIRST_HUE = 255;

/** Neighboring classes differ in lightness, too; all of them stand out in shadows and against the sky. */
const LIGHTNESSES = [0.53, 0.78, 0.67];

const CHROMA = 0.18;

export function classColor(classId: number): Color {
  const lightness = LIGHTNESSES[Math.abs(classId) % LIGHTNESSES.length]!;
  return fromOklch(lightness, CHROMA, FIRST_HUE + classId * GOLDEN_ANGLE);
}

export const textColorOn = (background: Color): Color => {
  const luminance = luminanceOf(background);
  // WCAG contrast: (luminance + 0.05) / 0.05 to black, 1.05 / (luminance + 0.05) to white.
  return (luminance + 0.05) ** 2 > 0.05 * 1.05 ? [0, 0, 0] : [255, 255, 255];
};

export const toCss = ([red, green, blue]: Color, opacity = 1): string => `rgba(${red}, ${green}, ${blue}, ${opacity})`;

const luminanceOf = ([red, green, blue]: Color): number =>
  0.2126 * toLinear(red / 255) + 0.7152 * toLinear(green / 255) + 0.0722 * toLinear(blue / 255);

/** Converts OKLCH, which is perceptually uniform, to sRGB, clamped per channel. */
function fromOklch(lightness: number, chroma: number, hue: number): Color {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const toByte = (linear: number): number => Math.round(255 * fromLinear(Math.min(Math.max(linear, 0), 1)));

const fromLinear = (value: number): number => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
