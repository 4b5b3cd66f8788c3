import type { Translators } from '../../translator.ts';
import { bitcast } from '../support/bitcast.ts';

export const type: Translators = { Bitcast: bitcast };
