import { Thread } from './thread.ts';

/** Works on images where no native code does so in threads of its own. */
export const imageThread = new Thread();
