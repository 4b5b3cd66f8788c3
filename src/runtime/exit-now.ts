import { koffi } from './koffi.ts';

/**
 * Ends the process with a system call, without its exit event. `process.exit` waits for work on other threads, such as the
 * compilation of a model or the decoding of an image, which nothing can stop.
 */
export function exitNow(code: number): void {
  const [library, prototype] =
    process.platform === 'win32' ? ['kernel32.dll', 'void __stdcall ExitProcess(uint)'] : [null, 'void _exit(int)'];
  koffi().load(library).func(prototype)(code);
}
