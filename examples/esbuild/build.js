// node build.js bundles server.js into dist/server.js, which finds decant in node_modules.
import { build } from 'esbuild';

await build({
  entryPoints: ['../http/server.js'],
  outfile: 'dist/server.js',
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['decant'],
});
