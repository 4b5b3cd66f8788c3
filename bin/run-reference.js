/**
 * Runs a model read by OpenVINO's own frontend in a process of its own, which OpenVINO may crash.
 *
 * Arguments: path of OpenVINO's C library, path of the model, device. Receives calls of `Engine`'s methods, and sends results.
 */
const { Core } = await import('../dist/index.js');
const { Engine } = await import('../dist/verify/engine.js');
const [library, path, device] = process.argv.slice(2);
let engine;
process.on('disconnect', () => process.exit());
process.on('message', async ({ method, argument }) => {
  try {
    engine ??= await Engine.load(new Core({ library }), path, device);
    process.send({ result: method === undefined ? engine.compileMs : await engine[method](argument) });
  } catch (error) {
    process.send({ problem: error.message });
  }
});
