import { join } from 'node:path';
import { createRunnableDevEnvironment, resolveConfig } from 'vite';

/**
 * Loads a TypeScript module of this folder, compiled for the oldest Node that decant supports. The modules that it
 * imports later are, too: vite's runnerImport ends before that.
 */
export async function load(file) {
  const config = {
    configFile: false,
    envDir: false,
    cacheDir: process.cwd(),
    oxc: { target: 'node20' },
    environments: {
      fuzz: {
        consumer: 'server',
        dev: { moduleRunnerTransform: true },
        resolve: { external: true, mainFields: [], conditions: ['node'] },
      },
    },
  };
  const environment = createRunnableDevEnvironment('fuzz', await resolveConfig(config, 'serve'), {
    runnerOptions: { hmr: false },
    hot: false,
  });
  await environment.init();
  return environment.runner.import(join(import.meta.dirname, file));
}
