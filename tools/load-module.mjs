import { createRunnableDevEnvironment, resolveConfig } from 'vite';

/**
 * Loads a TypeScript module, compiled for the oldest Node that decant supports, as Vite's `runnerImport` does; but modules can
 * still be imported later, when the code that needs them runs.
 */
export async function loadModule(path) {
  const settings = {
    configFile: false,
    envDir: false,
    cacheDir: process.cwd(),
    oxc: { target: 'node20' },
    environments: {
      tools: {
        consumer: 'server',
        dev: { moduleRunnerTransform: true },
        resolve: { external: true, mainFields: [], conditions: ['node'] },
      },
    },
  };
  const options = { runnerOptions: { hmr: { logger: false } }, hot: false };
  const environment = createRunnableDevEnvironment('tools', await resolveConfig(settings, 'serve'), options);
  await environment.init();
  return environment.runner.import(path);
}
