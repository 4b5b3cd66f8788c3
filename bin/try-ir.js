/**
 * Reads and compiles an IR in a process of its own, which OpenVINO may crash.
 *
 * Arguments: path of OpenVINO's C library, path of the IR, device.
 */
const { Core } = await import('../dist/index.js');
const [library, path, device] = process.argv.slice(2);
const core = new Core({ library });
core.compileModelSync(core.readModelSync(path), device);
