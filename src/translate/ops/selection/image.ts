import type { Translators } from '../../translator.ts';
import { cropAndResize } from '../support/crop-and-resize.ts';

export const image: Translators = { CropAndResize: cropAndResize };
