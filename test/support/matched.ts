import type { Head } from '../../src/detect/heads/head.ts';

/** Returns the head that a matcher found, and throws its reason if there is none. */
export function matched(head: Head | string): Head {
  if (typeof head === 'string') throw new Error(head);
  return head;
}
